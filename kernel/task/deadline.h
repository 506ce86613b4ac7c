/* Timeouts of system calls. TIME is a user address everywhere; 0 means that there is no timeout. Nothing here sleeps except
 * for a page fault on TIME. */
#pragma once

#include "kernel/base/wait.h"

/*
 * Reads a relative timeout: seconds and nanoseconds, of 32 bits each.
 * => 0 and *DEADLINE on the scale of clock_ns(), or WAIT_FOREVER; -EFAULT, -EINVAL
 */
int deadline_in(vaddr_t time, u64 *deadline);

/* The same for seconds and microseconds, which may exceed a second, as select() permits. */
int deadline_in_timeval(vaddr_t time, u64 *deadline);

/* The same for seconds and nanoseconds of 64 bits each, as newer calls have them. */
int deadline_in_wide(vaddr_t time, u64 *deadline);

/*
 * The same for an absolute timeout: since 1970 (CLOCK_REALTIME) or since boot (CLOCK_MONOTONIC); WIDE: words of 64
 * bits.
 * => as deadline_in()
 */
int deadline_at(vaddr_t time, bool wide, bool since_1970, u64 *deadline);

/*
 * Writes the time that is left until DEADLINE to TIME: seconds, and the rest in units of 1/PER_SECOND s, of 32 bits
 * each; the second form: seconds and nanoseconds of 64 bits each. => 0, -EFAULT
 */
int deadline_rest(vaddr_t time, u32 per_second, u64 deadline);
int deadline_rest_wide(vaddr_t time, u64 deadline);
