/* Reclaim: evicting pages to free their frames. */
#pragma once

#include "mm/policy.h"

/*
 * Takes up to WANT victims of SCOPE (NULL: all of memory): unmaps them, drops the clean ones, starts to write the others.
 * => frames that were freed or are being written; 0: nothing can be evicted now. Never sleeps.
 */
u32 reclaim(const struct policy_scope *scope, u32 want);

/*
 * Evicts the N FRAMES, at most IO_MAX, all of them evictable. => how many are free now or being written (the rest stay);
 * never sleeps
 */
u32 reclaim_frames(struct frame *const *frames, u32 n);

/* `exact`: one eviction at a time. */
extern bool reclaim_exact;

/*
 * `evict=always`: after each fault one frame is evicted, but none of the eight that were mapped last, so that every page is
 * evicted as early as it may be.
 */
extern bool reclaim_always;
void reclaim_after_fault(const struct frame *mapped);
