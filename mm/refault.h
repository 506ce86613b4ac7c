/*
 * Refaults: pages that are wanted back from swap, how soon after they left, and how long somebody waits for them. What
 * they mean for the load is decided in kernel/.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * How many other tasks use memory as much as the one who has a page back: workingset_activate_anon counts what comes back
 * only because of them. Whoever knows the tasks sets it.
 */
extern u32 refault_rivals;

/* A page is evicted. SLOT: where its contents are; 0: it belongs to a file. */
void refault_evicted(u32 slot);

/* The page in SLOT is wanted back. */
void refault_note(u32 slot);

/* The current thread waits for a page from swap; it waits no longer. */
void refault_stall_begin(void);
void refault_stall_end(void);

/* => time (clock_ns()) during which somebody was waiting for a page from swap, so far */
u64 refault_stalled_ns(void);
