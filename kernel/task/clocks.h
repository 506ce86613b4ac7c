/* The clocks that programs name by number: clock_gettime(2). */
#pragma once

#include "kernel/base/wait.h"

enum {
	CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_PROCESS_CPUTIME = 2, CLOCK_THREAD_CPUTIME = 3, CLOCK_MONOTONIC_RAW = 4,
	CLOCK_REALTIME_COARSE = 5, CLOCK_MONOTONIC_COARSE = 6, CLOCK_BOOTTIME = 7, CLOCK_TAI = 11,
};

/* => true: CLOCK means the processor time of the task whose number it contains */
static inline bool clocks_is_cpu_time(s32 clock)
{
	return clock < 0;
}

/* => 0 and the clock's time in *NS; -EINVAL: there is no such clock, or no such task */
int clocks_read(s32 clock, u64 *ns);

/*
 * Sets the time of day to NS, since 1970, and wakes the sleepers on clocks_were_set, whose deadlines may have changed.
 */
void clocks_set(u64 ns);
extern struct waitq clocks_were_set;
