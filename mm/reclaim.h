/* Reclaim: evicting pages to free their frames. */
#pragma once

#include "mm/policy.h"
#include "mm/vmtrace.h"

/* Why pages are evicted, for the trace. */
enum reclaim_why {
	RECLAIM_DAEMON = VMTRACE_VICTIM_WHY_DAEMON,
	RECLAIM_LIMIT = VMTRACE_VICTIM_WHY_LIMIT,       /* the space is at its RLIMIT_RSS */
	RECLAIM_EXACT = VMTRACE_VICTIM_WHY_EXACT,       /* the same, with `exact` */
	RECLAIM_PROCSWAP = VMTRACE_VICTIM_WHY_PROCSWAP,
	RECLAIM_ADVICE = VMTRACE_VICTIM_WHY_ADVICE,     /* madvise() */
	RECLAIM_ALWAYS = VMTRACE_VICTIM_WHY_ALWAYS,     /* reclaim_always */
};

/*
 * Takes up to WANT victims of SCOPE (NULL: all of memory): unmaps them, drops the clean ones, starts to write the others.
 * => frames that were freed or are being written; 0: nothing can be evicted now. Never sleeps.
 */
u32 reclaim(const struct policy_scope *scope, u32 want, enum reclaim_why why);

/*
 * Evicts the N FRAMES, at most IO_MAX, all of them evictable; one that is there twice is evicted once.
 * => how many are free now or being written (the rest stay); never sleeps
 */
u32 reclaim_frames(struct frame *const *frames, u32 n, enum reclaim_why why);

/*
 * `exact`: a space at its resident limit evicts one page at a time, nothing is read ahead, and no use of a page is missed. So the
 * counts of faults are a textbook's.
 */
extern bool reclaim_exact; /* set by reclaim_set_exact() only */
void reclaim_set_exact(bool exact);

/*
 * `evict=always`: after each fault one frame is evicted, but none of the eight that were mapped last, so that every page is
 * evicted as early as it may be.
 */
extern bool reclaim_always;
void reclaim_after_fault(const struct frame *mapped);
