/*
 * The reverse map: from a frame to every entry that maps it.
 *
 * Entry and record are set and cleared together here (I2: a user entry is present, and not the zero frame's, if and
 * only if exactly one record says so). The position of a record gives its table and address; it holds only its neighbours.
 */
#pragma once

#include "mm/pagetable.h"

struct frame;

struct rmap {
	struct rmap *next;   /* next entry that maps the same frame */
	struct rmap **link;  /* what points to this record; NULL: not in use */
};

/* Maps F at VA. The table exists (pagetable_ensure()) and nothing is mapped there. */
void rmap_map(struct pagetable *pt, vaddr_t va, struct frame *f, bool writable);

/* Makes the entry at VA writable or read-only. */
void rmap_set_writable(struct pagetable *pt, vaddr_t va, bool writable);

/* Maps the zero frame at VA, read-only and without a record. */
void rmap_map_zero(struct pagetable *pt, vaddr_t va);

/* Removes VA's entry, if any, and harvests its dirty and accessed bits into the frame. */
void rmap_unmap(struct pagetable *pt, vaddr_t va);

/* Removes every entry that maps F. => how many there were */
u32 rmap_unmap_all(struct frame *f);

/* Makes every entry of F read-only. (Those of a range: pagetable_write_protect().) */
void rmap_write_protect_all(struct frame *f);

bool rmap_accessed(const struct frame *f);
void rmap_clear_accessed(struct frame *f);
extern bool rmap_exact; /* with `exact`: clearing flushes the translation, so that the next use is seen */
bool rmap_dirty(const struct frame *f);

/* Moves the hardware's dirty bits into FRAME_DIRTY, and flushes the translations. => is F dirty? */
bool rmap_harvest_dirty(struct frame *f);

u32 rmap_count(const struct frame *f);
bool rmap_is_shared(const struct frame *f); /* => do several entries map F? */
bool rmap_mapped_by(const struct frame *f, const struct pagetable *pt);

extern struct frame *rmap_zero_frame;
void rmap_init(void); /* takes the zero frame */
