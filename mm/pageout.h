/* The page-out daemon. */
#pragma once

#include "kernel/base/types.h"

/*
 * The daemon's body: sleeps until frames are short, then evicts until there is room enough, for ever. When a full pass
 * has freed nothing, no I/O is under way and somebody waits, it calls OUT_OF_MEMORY, which frees memory by ending a
 * task (or cannot).
 */
void pageout_run(void (*out_of_memory)(void)) __attribute__((noreturn));
