/*
 * Load control: the medium-term scheduler. When all tasks together need more memory than there is, some are swapped out
 * as a whole, so that the others can make progress; all get their turn.
 */
#pragma once

#include "mm/vmtrace.h"

/* The body of the swapper's thread, which obeys commands too (swapper.h). */
void load_control_run(void *unused);

extern bool load_control_enabled; /* /proc/sys/vm/load_control */

/* Called after each page fault: wakes the swapper if many pages have been read back. Never sleeps. */
extern u32 load_control_seen; /* vmstat.workingset_refault_anon when that was last decided */
void load_control_after_refault(void);
static inline void load_control_after_fault(void)
{
	if (vmstat.workingset_refault_anon != load_control_seen)
		load_control_after_refault();
}
