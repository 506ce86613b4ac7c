/* Times that programs give to calls that wait. */
#pragma once

#include "kernel/base/wait.h"

/*
 * The relative time at user address TIME, two words of 32 bits: seconds and nanoseconds; 0 instead of an address: no
 * limit. => 0 and *DEADLINE as clock_ns() or WAIT_FOREVER; -EFAULT, -EINVAL
 */
int deadline_in(vaddr_t time, u64 *deadline);

/* Seconds and microseconds, of which there may be more than a second has: so select() takes them. */
int deadline_in_timeval(vaddr_t time, u64 *deadline);

/* The same for the two words of 64 bits that newer calls take: seconds and nanoseconds. */
int deadline_in_wide(vaddr_t time, u64 *deadline);

/*
 * A point in time instead of a span: since 1970 (CLOCK_REALTIME) or since boot (CLOCK_MONOTONIC); WIDE: words of 64 bits.
 * => as deadline_in()
 */
int deadline_at(vaddr_t time, bool wide, bool since_1970, u64 *deadline);

/*
 * Tells at TIME, in seconds and parts of which a second has PER_SECOND, how long it is until DEADLINE; 0 instead of an
 * address: nothing. => 0, -EFAULT
 */
int deadline_rest(vaddr_t time, u32 per_second, u64 deadline);
int deadline_rest_wide(vaddr_t time, u64 deadline);
