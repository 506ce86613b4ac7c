/*
 * Anonymous pages: contents that belong to no file. In RAM, in RAM with a copy in a slot, or in a slot only:
 *
 *        page out: anon_page_out()                    (written, unpinned)
 *   RAM ────────────────────────────────────────────────────────▶ swap
 *    ▲                                                            │ ▲
 *    │ slot freed: scarce, or                       page in:      │ │ anon_drop():
 *    │ stale after a store                  anon_make_resident(), │ │ clean, no write
 *    │                                            anon_read_run() ▼ │
 *    └──────────────────────────────────────────────── RAM and swap
 *
 * I/O under way is never cancelled. If the page is freed meanwhile, its frame is RELEASED and its slot an orphan, and
 * the completion frees both.
 *
 * I4: an anon has a frame or a slot. I8: refs = number of places (private maps, shared objects) that point at it.
 * refs > 1 means that a store must copy first: there is no other mark for copy-on-write, and there are no chains.
 */
#pragma once

#include "mm/frame.h"

struct pagemap;

struct anon {
	u16 refs;
	u16 seen;            /* vmcheck's count of refs */
	u32 slot;            /* 0: none. With a frame: a copy, valid while the frame is clean */
	struct frame *frame; /* NULL: only in its slot */
	u32 written_epoch;   /* anon_epoch at the last store that faulted */
};

/* The soft-dirty epoch: goes up by one whenever the soft-dirty bits of an address space are cleared (touched.c). */
extern u32 anon_epoch;

/*
 * Creates a page with one reference around frame F (state ANON, contents ready), and admits F to the policy.
 * => NULL without kernel memory (F stays the caller's); never sleeps
 */
struct anon *anon_create(struct frame *f);

/*
 * The same with a new frame, with SOURCE's contents (NULL: zeros), as KEY of M, in the place of what is there.
 * => NULL: out of memory, nothing has changed; never sleeps
 */
struct anon *anon_create_in(struct pagemap *m, u32 key, const struct frame *source);

/* => has A a frame that is not BUSY? */
static inline bool anon_is_resident(const struct anon *a)
{
	return a->frame && !(a->frame->flags & FRAME_BUSY);
}

static inline void anon_ref(struct anon *a)
{
	ASSERT(a->refs > 0 && a->refs < 0xFFFF);
	a->refs++;
}

/* Drops a reference; the last one frees frame and slot, or leaves them to the I/O under way. Never sleeps. */
void anon_free(struct anon *a);
static inline void anon_unref(struct anon *a)
{
	ASSERT_CMP(a->refs, >, 0);
	if (!--a->refs)
		anon_free(a);
}

/* The I/O of F and SLOT is complete, and their page was freed meanwhile: frees them too. */
void anon_free_released(struct frame *f, u32 slot);

/*
 * Makes A resident. AHEAD: neighbours in swap may be read too, as readahead.h wants.
 * => 0: a->frame is there, not BUSY, until the caller sleeps
 *    -EAGAIN: slept; if for a frame, *HELD is that frame, pinned (the caller unpins it when done)
 *    -ENOMEM: no frame now (frame_retry())
 *    -EIO: the page could not be read from swap
 */
int anon_bring_in(struct anon *a, bool ahead, struct frame **held) MUST_CHECK;
static inline MUST_CHECK int anon_make_resident(struct anon *a, bool ahead, struct frame **held)
{
	return anon_is_resident(a) && !a->frame->ahead ? 0 : anon_bring_in(a, ahead, held);
}

/* Starts to read A if it is only in its slot and a request is free. Never sleeps. */
void anon_will_need(struct anon *a);

/*
 * Starts one request for the N pages of RUN, at most IO_MAX, which are only in slots, side by side.
 * => how many are being read, from the first on: as many as there were frames; 0 also if no request is free; never
 * sleeps
 */
u32 anon_read_run(struct anon *const *run, u32 n);

/*
 * Writes N resident, unmapped, unpinned frames to swap in as few requests as possible. They become BUSY, and are freed
 * when they have been written. => how many are being written, from the first on (the rest stay resident; old copies of
 * theirs are gone); never sleeps
 */
u32 anon_page_out(struct frame **frames, u32 n);

/* Evicts F, unmapped and clean, whose contents are in a slot: no write is needed. */
void anon_drop(struct frame *f);

/* With swap full: frees the slots of resident pages. => how many */
u32 anon_reclaim_slots(void);
