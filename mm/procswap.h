/*
 * Process swap: a whole address space leaves memory, and returns as a whole. Paging takes pages one at a time, from all
 * spaces; process swap takes everything from one, so that the others have room.
 *
 * An address space is OUT while it has no page table. No thread may run in it then.
 */
#pragma once

#include "mm/addrspace.h"

/* What an operation has done so far. */
struct procswap_figures {
	u32 pages;  /* of the resident set */
	u32 moved;  /* out: written to swap; in: read from it */
	u32 runs;   /* requests for that */
	u32 frames; /* out: given back, tables included; in: taken for pages from swap */
};

struct procswap {
	struct addrspace *as;
	u32 page; /* in: reading has begun for all pages before this one */
	struct procswap_figures figures;
};

static inline bool procswap_is_out(const struct addrspace *as)
{
	return !as->pagetable.directory;
}

/* => how many slots AS will need at most: its private pages in memory that have none yet */
u32 procswap_slots_needed(struct addrspace *as);

/*
 * Makes AS, in which no thread runs and no fault is being resolved, OUT: remembers its resident set and frees entries,
 * tables and directory. Begins operation *OUT. => false: out of memory, nothing has changed; never sleeps
 */
bool procswap_leave(struct procswap *out, struct addrspace *as) MUST_CHECK;

/*
 * Evicts the pages that only AS had mapped: the clean ones at once, the others in large runs. Pages that other spaces
 * use stay, and so do pages for which there is no slot.
 * => 0: done; -EAGAIN: slept; call it again, if AS still exists
 */
int procswap_evict(struct procswap *out) MUST_CHECK;

/*
 * Begins operation *IN: AS has a directory again, and is not OUT.
 * => false: out of memory, nothing has changed; never sleeps
 */
bool procswap_return(struct procswap *in, struct addrspace *as) MUST_CHECK;

/*
 * Reads the resident set in large runs and maps it; the set is empty then. A page that cannot be read is left to the
 * fault that needs it.
 * => 0: done; -EAGAIN: slept; call it again, if AS still exists; -ENOMEM: no frame now (frame_retry())
 */
int procswap_read(struct procswap *in) MUST_CHECK;
