/* The page-out daemon. */
#pragma once

#include "kernel/base/types.h"

/*
 * The daemon's loop: sleeps until frames are short, then evicts until there is enough room. It calls OUT_OF_MEMORY, which
 * kills a task if it can, when nothing can be evicted, no I/O is under way and a thread waits; or (CROWDED) when memory that
 * cannot be evicted leaves too few frames for other pages.
 */
void pageout_run(void (*out_of_memory)(bool crowded)) __attribute__((noreturn));
