/*
 * Physical memory: one `struct frame` for each 4 KiB; allocating and freeing them. (Waiting for one: frame_wait.h.)
 *
 * States (I1: each frame has exactly one; the counts per state sum to the total):
 *
 *   RESERVED ── never allocated: firmware, kernel image, frame table
 *   FREE ⇄ KERNEL   frame_alloc(FRAME_KERNEL): kernel heap, stacks, directories
 *   FREE ⇄ TABLE    page tables and their reverse-map records
 *   FREE ⇄ ANON     holds an anonymous page; owner is its struct anon
 *   FREE ⇄ FILE     holds a page of a file; owner is its struct memobj
 *
 * A frame is BUSY while I/O fills it or while it is leaving; it is then unmapped, and only the thread or the request
 * that set BUSY clears it. WRITEBACK: contents are valid and stay mapped while they are written. A pinned frame is not
 * evicted; pins are short. frame_alloc() leaves the contents undefined; free frames hold a poison in checking builds
 * (I10).
 */
#pragma once

#include "kernel/base/list.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/layout.h"

struct anon;
struct memobj;
struct rmap;

enum frame_state {
	FRAME_RESERVED, FRAME_FREE, FRAME_KERNEL, FRAME_TABLE, FRAME_ANON, FRAME_FILE, FRAME_STATES
};

enum frame_flag {
	FRAME_BUSY = 1 << 0,      /* I/O fills it, or it is leaving */
	FRAME_WRITEBACK = 1 << 1, /* being written, still valid */
	FRAME_RELEASED = 1 << 2,  /* the owner died while it was BUSY: the completer frees it */
	FRAME_DIRTY = 1 << 3,     /* contents differ from the backing's (besides the hardware's D bits) */
	FRAME_ACCESSED = 1 << 4,  /* used recently (besides the hardware's A bits) */
	FRAME_UNWRITABLE = 1 << 5, /* FILE: its last write has failed: it stays until one succeeds */
	FRAME_LISTED = 1 << 6,    /* in the policy's set */
	FRAME_FAILED = 1 << 7,    /* I/O could not fill it: found by the threads that waited and hold the frame */
};

struct frame {
	u8 state;
	u8 flags;
	u8 order;          /* of the free or allocated block that begins here; else ORDER_INSIDE or FRAME_BUDDY_LOOSE */
	u8 age;            /* ANON, FILE: for the policy. TABLE: which part of the records this is (pagetable.c) */
	u16 pins;
	u16 wires;         /* entries in wired regions (mlock) that map it, and one for its locked object */
	union {
		void *owner;
		struct anon *anon;     /* ANON */
		struct memobj *obj;    /* FILE */
	};
	union {
		u32 index; /* FILE: page number in the object; TABLE: directory index */
		u32 ahead; /* ANON: the slot from which it was read ahead, until the page is used; else 0 */
	};
	union {
		u32 block;   /* FILE: its place on the device, in pages; 0: a hole */
		bool locked; /* ANON: its object is locked and has wired it (memobj_shm.c) */
	};
	struct rmap *maps; /* rmap.c only: the entries that map it */
	union {
		struct list link; /* FREE: free list; ANON, FILE: the policy's */
		u32 records[sizeof(struct list) / sizeof(u32)]; /* TABLE: the frames of its reverse-map records (pagetable.c) */
	};
};
STATIC_ASSERT(sizeof(void *) != 4 || sizeof(struct frame) == 32, "a shift turns a place in the table into a number");

#define FRAME_MAX_ORDER 10 /* the largest block: 4 MiB */

/* Allocation classes: each stops at its own reserve, so that the daemon can always work and faults go before new tasks. */
enum frame_class {
	FRAME_FOR_KERNEL, /* fork, exec, mmap: stops first */
	FRAME_FOR_FAULT,  /* stops later */
	FRAME_FOR_DAEMON, /* may have the last */
};

/*
 * The table describes COUNT frames from physical address 0; all are RESERVED until frame_add() frees them.
 */
void frame_init(struct frame *table, u32 count);
void frame_add(u32 first, u32 count);

/* `frames=N`: at most N frames in state ANON or FILE. 0: no limit. Sets the watermarks anew. */
void frame_set_limit(u32 limit);

/* With `check=`: free frames are filled with a pattern, which is verified when they are allocated (I10). */
extern bool frame_poisoning;

u32 frame_count(enum frame_state s);
u32 frame_limit(void);               /* how many may hold pages; 0: as many as there are */
u32 frame_usable(void);              /* the same, with the number that there are for 0 */
u32 frame_blocks(u32 order);         /* free blocks of exactly that order: /proc/buddyinfo */
/* => frames that CLASS may still have for pages: free, above its reserve, below the limit */
u32 frame_room_for(enum frame_class class);
u32 frame_room(void);                /* the same for a fault */
u32 frame_low(void);                 /* with less room than this the daemon is woken, */
u32 frame_high(void);                /* and works until there is this much */
u32 frame_pageable(void);            /* free frames and those with evictable pages: none of the kernel's, none wired */
u32 frame_capacity(void);            /* those of them that tasks may have: within the limit, and beyond the reserve */
u32 frame_min_pageable(void);               /* with fewer of those, evicting is useless */

/* Free frames that faults leave to the kernel and the daemon (Linux's min_free_kbytes). */
u32 frame_reserve(void);
bool frame_set_reserve(u32 frames); /* => false: too few for the daemon, or more than a sixteenth of memory */

/* The table itself: read it through the functions below. */
extern struct frame *frame_table;
extern u32 frame_table_length;

/* => frames that exist, reserved ones included */
static inline u32 frame_total(void)
{
	return frame_table_length;
}

/* => its number: physical address / 4096 */
static inline u32 frame_index(const struct frame *f)
{
	return (u32)(f - frame_table);
}

static inline struct frame *frame_at(u32 index)
{
	ASSERT_CMP(index, <, frame_table_length);
	return &frame_table[index];
}

/* => where the kernel sees its contents */
static inline void *frame_ptr(const struct frame *f)
{
	return paddr_to_ptr(frame_index(f) << PAGE_SHIFT);
}

static inline struct frame *frame_of_ptr(const void *ptr)
{
	return frame_at(ptr_to_paddr(ptr) >> PAGE_SHIFT);
}

/*
 * Takes a block of 2^ORDER frames, contents undefined.
 * => the first frame, state S, no flags, no pins, no owner; NULL if CLASS may not have it now; never sleeps
 */
struct frame *frame_alloc(enum frame_state s, u32 order, enum frame_class class);
struct frame *frame_alloc_zeroed(enum frame_state s, u32 order, enum frame_class class);

/* Frees the block that frame_alloc() returned; not pinned, not mapped. Wakes a thread that waits for frames. Never sleeps. */
void frame_free(struct frame *f);

/* Fill one frame with zeros, or with what is in another. */
void frame_zero(struct frame *f);
void frame_copy(struct frame *to, const struct frame *from);

/* Keeps F from being evicted until it is unpinned. Unpinning a RELEASED frame for the last time frees it. */
static inline void frame_pin(struct frame *f)
{
	f->pins++;
}
void frame_unpin(struct frame *f);

/* Pins F and stores it in *HELD; what was there is unpinned. */
void frame_hold(struct frame *f, struct frame **held);

/* Counts the reasons for F to stay in memory: entries in wired regions, and its locked object. */
void frame_wire(struct frame *f);
void frame_unwire(struct frame *f);

/* F has lost its owner: frees it now, or marks it RELEASED, to be freed when its I/O is done and its last pin dropped. */
void frame_release(struct frame *f);
