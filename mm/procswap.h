/*
 * Process swap: a whole address space leaves memory, and comes back as a whole. Paging takes pages one at a time, from
 * whoever has them; this takes everything from one, so that the others have room.
 *
 * An address space is OUT while it has no page table. Nobody may run in it then.
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
	u32 page; /* in: up to here reading has begun */
	struct procswap_figures figures;
};

static inline bool procswap_is_out(const struct addrspace *as)
{
	return !as->pagetable.directory;
}

/* Anonymous pages in memory that have no slot yet: so many slots AS will need at the most. */
u32 procswap_slots_needed(struct addrspace *as);

/*
 * AS, in which nobody runs and no fault is being resolved, is OUT from now on: its resident set is remembered, entries,
 * tables and directory are given back. Begins operation *OUT. => false without memory, nothing has changed; never sleeps
 */
bool procswap_leave(struct procswap *out, struct addrspace *as) MUST_CHECK;

/*
 * What AS alone had in memory goes: the clean pages at once, the others in large runs. Pages that others use stay, and
 * those for which there is no slot.
 * => 0: done; -EAGAIN: slept; call it again, if AS still exists
 */
int procswap_evict(struct procswap *out) MUST_CHECK;

/* Begins operation *IN: AS has a directory again, and is not OUT. => false without memory, nothing has changed; never sleeps */
bool procswap_return(struct procswap *in, struct addrspace *as) MUST_CHECK;

/*
 * The remembered set comes back, in large runs, and is forgotten when it is there. What cannot be read is left to the
 * fault that wants it.
 * => 0: done; -EAGAIN: slept; call it again, if AS still exists; -ENOMEM: no frame now (frame_retry())
 */
int procswap_read(struct procswap *in) MUST_CHECK;
