/*
 * What lies behind memory: a swap area, a file, a disk. mm/ knows them only by this interface.
 *
 * A backing moves runs of whole pages to and from frames, asynchronously. The requests (`struct io`) come from a fixed
 * pool, so that paging out allocates nothing. Completion runs in task context, never in an interrupt handler.
 */
#pragma once

#include "kernel/base/list.h"
#include "kernel/base/wait.h"

struct frame;
struct io;
struct backing;

#define IO_MAX 32 /* frames in one request: 128 KiB, what one ATA command with whole frames carries */

enum io_op { IO_READ, IO_WRITE };

struct io {
	struct list link;          /* the queue that holds it: pool, then the driver's */
	enum io_op op;
	u32 page;                  /* where the run begins on the device, in pages */
	u32 n;                     /* frames in the run, 1..IO_MAX */
	struct frame *frames[IO_MAX];
	u32 leaving;               /* frames in the run that are written in order to be freed */
	int error;                 /* set by the driver before done: 0 or -EIO */
	void (*done)(struct io *); /* task context; must not sleep; owns the io and puts it back */
	void *cookie;              /* the submitter's */
	u32 device_private;        /* the driver's */
};

struct backing_ops {
	/*
	 * Where page INDEX of this backing lies on its device, in pages; *PAGE = 0 for a hole.
	 * CREATE: allocates a place for a hole, if the page is in memory (memobj_file_has()) at that moment. The answer
	 * holds when this returns. NULL instead of a function: page INDEX lies at INDEX.
	 * => 0, -EIO, -ENOSPC, -ENOMEM, -EINTR; -EAGAIN: look again; may sleep
	 */
	int (*map)(struct backing *b, u32 index, bool create, u32 *page);

	/*
	 * Starts IO. The frames stay the caller's and must not move until done is called, which always happens,
	 * with the error in io->error, and never before submit has returned.
	 * => never sleeps, never fails
	 */
	void (*submit)(struct backing *b, struct io *io);

	/*
	 * A page is about to be changed by a store through a shared mapping: called at the first store since the page was
	 * mapped or last written back. NULL: not needed. Never sleeps.
	 */
	void (*will_write)(struct backing *b);
};

struct backing {
	const struct backing_ops *ops;
	void *cookie;  /* the driver's or file system's own */
	u32 npages;    /* size in whole pages */
	const char *name;
};

void backing_init(void);

/* => a request with op, page, n = 0 and no frames; NULL if all are under way; never sleeps */
struct io *io_get(void);

/* Returns IO to the pool and wakes the threads that wait for a request. */
void io_put(struct io *io);

/* => is a request free now? */
bool io_available(void);

/* Sleeps until a request may be free; look again with io_get(). */
void io_wait(void);

/* => frames that are being written in order to be freed */
u32 io_frames_leaving(void);

/* => number of requests under way */
u32 io_in_flight(void);
