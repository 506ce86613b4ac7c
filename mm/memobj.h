/*
 * Memory objects: what can be mapped, a file or a piece of shared memory.
 *
 * The base has references, size and the table of functions; each kind (memobj_file.c, memobj_shm.c)
 * embeds it. kernel/ turns descriptors into memory objects before it calls mm/.
 */
#pragma once

#include "kernel/base/list.h"
#include "mm/backing.h"
#include "mm/pagemap.h"

struct memobj;
struct frame;

typedef int (*memobj_get_fn)(struct memobj *obj, u32 index, bool write, struct frame **out, struct frame **held);

struct memobj_ops {
	const char *name;
	bool anonymous; /* `pages` holds struct anon, not struct frame */

	/*
	 * The frame that holds page INDEX, to be read or (WRITE) written. *HELD is NULL at first, and kept over the tries.
	 * => 0: *OUT is resident, not BUSY, and stays so until the caller sleeps; pin it to sleep
	 *    -EAGAIN: slept: look at everything again. *HELD may be the frame that was waited for, pinned so that it
	 *    is still there then; the caller unpins it when it is done
	 *    -ENXIO: beyond the end; -EIO: it could not be read; -ENOSPC; -EINTR: the thread is killed
	 *    -ENOMEM: no frame now (frame_retry())
	 */
	memobj_get_fn get;

	/*
	 * Makes pages [FIRST, END) holes: unmaps them everywhere and frees them. NULL: -EOPNOTSUPP.
	 * => 0, -EPERM: the object is sealed; never sleeps
	 */
	int (*punch)(struct memobj *obj, u32 first, u32 end);

	/* A region that maps the object has been added to an address space (MORE), or removed. NULL: no action. Never sleeps. */
	void (*mapped)(struct memobj *obj, bool more);

	/* Writes what the object is, for people, into BUF of SIZE bytes. NULL: its name or its kind says it. Never sleeps. */
	void (*describe)(const struct memobj *obj, char *buf, u32 size);

	/* The last reference is gone: frees the object and its pages. Never sleeps. */
	void (*destroy)(struct memobj *obj);
};

struct memobj {
	u32 refs;
	u32 npages;             /* an access to this page or a later one raises SIGBUS */
	const struct memobj_ops *ops;
	struct pagemap pages;   /* page number -> frame (file) or anon (shm) */
	struct backing *backing;
	bool introduced;        /* its name is in the trace (vmtrace.h) */
	u32 counted;            /* the number of the last count that included it (addrspace_held.c) */
	struct list regions;    /* that map it, in any address space (region.h) */
	struct list all;        /* every object, for vmcheck */
};

void memobj_init(struct memobj *obj, const struct memobj_ops *ops, u32 npages, struct backing *b);
void memobj_ref(struct memobj *obj);
void memobj_unref(struct memobj *obj); /* destroys with the last reference; never sleeps */

/*
 * As ops->get, repeated until it is not -EAGAIN or -ENOMEM; the frame comes pinned (frame_unpin() it).
 * => 0 or a negative error as above; may sleep
 */
int memobj_get_pinned(struct memobj *obj, u32 index, bool write, struct frame **out);
/* The same with GET instead of ops->get, for kinds of objects that have another way to a page. */
int memobj_pin(memobj_get_fn get, struct memobj *obj, u32 index, bool write, struct frame **out);

/* A page of OBJ is about to be changed through a shared mapping: notifies OBJ's backing. Never sleeps. */
static inline void memobj_will_write(struct memobj *obj)
{
	if (obj->backing && obj->backing->ops->will_write)
		obj->backing->ops->will_write(obj->backing);
}

/*
 * For kinds of objects: sleeps until F is no longer BUSY. F stays pinned in *HELD (what was there is unpinned), so that
 * it is still there when the caller looks again. => -EAGAIN
 */
int memobj_hold_and_wait(struct frame *f, struct frame **held);

extern struct list memobj_all;
