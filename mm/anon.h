/*
 * Anonymous pages: contents that belong to no file. In RAM, in RAM with a copy in a slot, or in a slot only.
 *
 * I4: an anon has a frame or a slot. I8: refs = number of places (private maps, shared objects) that point at it.
 * refs > 1 means that a store must copy first: there is no other mark for copy-on-write, and there are no chains.
 */
#pragma once

#include "kernel/base/types.h"

struct frame;
struct pagemap;

struct anon {
	u16 refs;
	u16 seen;            /* vmcheck's count of refs */
	u32 slot;            /* 0: none. With a frame: a copy, valid while the frame is clean */
	struct frame *frame; /* NULL: only in its slot */
	u32 written_epoch;   /* anon_epoch at the last store that faulted */
};

/* The soft-dirty epoch: begins anew whenever the soft-dirty bits of an address space are cleared (touched.c). */
extern u32 anon_epoch;

/*
 * A new page with one reference around frame F (state ANON, contents ready), which now belongs to it and to the policy.
 * => NULL without kernel memory (F stays the caller's); never sleeps
 */
struct anon *anon_create(struct frame *f);

/*
 * The same with a frame of its own, contents undefined, and KEY reserved in M for it: pagemap_set() must follow.
 * => NULL without memory, with nothing changed; never sleeps
 */
struct anon *anon_create_in(struct pagemap *m, u32 key);

void anon_ref(struct anon *a);

/* Drops a reference; with the last one frame and slot go (or are RELEASED to the I/O under way). Never sleeps. */
void anon_unref(struct anon *a);

/*
 * Makes A resident; READAHEAD of its neighbours in swap may come with it.
 * => 0: a->frame is there, not BUSY, until the caller sleeps
 *    -EAGAIN: slept; the frame that was waited for is pinned and in *HELD (the caller unpins it when done)
 *    -ENOMEM: no frame now (frame_retry())
 *    -EIO: swap could not deliver it
 */
int anon_make_resident(struct anon *a, u32 readahead, struct frame **held) MUST_CHECK;

/* A that is only in its slot begins to be read, unless that cannot be done now. Never sleeps. */
void anon_will_need(struct anon *a);

/*
 * Begins to read the N pages of RUN, at most IO_MAX, which are only in slots, side by side, and nothing else, in one
 * request. => how many, from the first on: as far as frames went, 0 also if no request is to be had; never sleeps
 */
u32 anon_read_run(struct anon *const *run, u32 n);

/*
 * Writes N resident, unmapped, unpinned frames to swap in as few requests as possible. They become BUSY; completion
 * frees those that were written. => how many were begun, from the first on (the rest stay as they are); never sleeps
 */
u32 anon_page_out(struct frame **frames, u32 n);

/* F, unmapped and clean, has a copy in a slot: the frame is given back without a write. */
void anon_drop(struct frame *f);

/* With swap full: slots whose page is resident are given back. => how many */
u32 anon_reclaim_slots(void);

/* How many neighbours are usually read along; 0 in exact mode, and after a read has failed. */
extern u32 anon_readahead;
