/* The page-out daemon. */
#pragma once

#include "kernel/base/types.h"

/*
 * The daemon's body: sleeps until frames are short, then evicts until there is room enough, for ever. It calls
 * OUT_OF_MEMORY, which frees memory by ending a task (or cannot), when a full pass has freed nothing, no I/O is under way and
 * a thread waits; or (CROWDED) when what cannot be evicted leaves too few frames for other pages.
 */
void pageout_run(void (*out_of_memory)(bool crowded)) __attribute__((noreturn));
