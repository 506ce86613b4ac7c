/*
 * Load control: the medium-term scheduler. When all tasks together need more memory than there is, some are swapped out
 * as a whole, so that the others can make progress; all get their turn.
 */
#pragma once

#include "kernel/base/types.h"

/* The body of the swapper's thread, which obeys commands too (swapper.h). */
void load_control_run(void *unused);

extern bool load_control_enabled; /* /proc/sys/vm/load_control */

/* Called after each page fault: wakes the swapper if many pages have been read back. Never sleeps. */
void load_control_after_fault(void);
