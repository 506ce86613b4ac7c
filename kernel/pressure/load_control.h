/*
 * Load control: the medium-term scheduler. When the tasks together want more memory than there is, it stops some of
 * them as a whole, so that the others can work, and lets all have their turn.
 */
#pragma once

#include "kernel/base/types.h"

/* The body of the swapper's thread, which follows orders too; never returns. */
void load_control_run(void *unused);

extern bool load_control_enabled; /* /proc/sys/vm/load_control */

/* After a page fault: is it time to look? */
void load_control_after_fault(void);
