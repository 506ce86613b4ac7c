/*
 * Refaults: faults on evicted pages, how soon after the eviction they come, and how long threads wait for them. kernel/ decides
 * what they mean for the load.
 */
#pragma once

#include "kernel/base/types.h"

struct frame;

/*
 * How many other tasks use memory as much as the one that refaults: workingset_activate_anon counts the refaults that happen
 * only because of them. Set by kernel/, which knows the tasks.
 */
extern u32 refault_rivals;

/* Counts the refault of a page, which is read from its slot into F. */
void refault_note(const struct frame *f);

/* The current thread begins, or ends, to wait for a page from swap. */
void refault_stall_begin(void);
void refault_stall_end(void);

/* => for how long, in nanoseconds, at least one thread has waited for a page from swap since boot */
u64 refault_stalled_ns(void);
