/*
 * Further system calls of clocks: resolution, setting, sleeping.
 *
 * Sources: clock_getres(2), clock_nanosleep(2), settimeofday(2), stime(2).
 */
#include "kernel/task/clocks.h"

#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/cpu/syscall.h"
#include "kernel/signal/stop.h"
#include "kernel/task/deadline.h"
#include "mm/usercopy.h"

enum { TIMER_ABSTIME = 1 };

/* --- resolution ----------------------------------------------------------------------------------------------------- */

/* WIDE: the timespec has 64-bit words. */
static s32 get_resolution(const u32 *arg, bool wide)
{
	u32 time[4] = { 0 };
	u64 now;
	int error = clocks_read(arg[0], &now);

	if (error)
		return error;
	time[wide ? 2 : 1] = 1;
	return arg[1] ? usercopy_out(arg[1], time, wide ? 16 : 8) : 0;
}

SYSCALL(clock_getres) { return get_resolution(arg, false); }
SYSCALL(clock_getres_time64) { return get_resolution(arg, true); }

/* --- setting -------------------------------------------------------------------------------------------------------- */

/* As on Linux the time of day cannot be set before the time since boot. It has 32 bits for seconds, as inodes have. */
static s32 set_time_of_day(s64 sec, u32 ns)
{
	if (sec < (s64)div64(clock_ns(), NS_PER_SEC, NULL) + 1 || sec > UINT32_MAX || ns >= NS_PER_SEC)
		return -EINVAL;
	clocks_set((u64)sec * NS_PER_SEC + ns);
	return 0;
}

/* Reads a struct timespec, of 64-bit words if WIDE. => 0, -EFAULT */
static int fetch_time(vaddr_t from, bool wide, s64 *sec, u32 *ns)
{
	s64 words[2];
	s32 narrow[2];

	if (wide ? usercopy_in(words, from, sizeof(words)) : usercopy_in(narrow, from, sizeof(narrow)))
		return -EFAULT;
	*sec = wide ? words[0] : narrow[0];
	*ns = wide ? (u32)words[1] : (u32)narrow[1];
	return 0;
}

static s32 settime(const u32 *arg, bool wide)
{
	s64 sec;
	u32 ns;

	if (clocks_is_cpu_time(arg[0]) || arg[0] != CLOCK_REALTIME)
		return -EINVAL;
	return fetch_time(arg[1], wide, &sec, &ns) ? -EFAULT : set_time_of_day(sec, ns);
}

SYSCALL(clock_settime) { return settime(arg, false); }
SYSCALL(clock_settime64) { return settime(arg, true); }

/* The kernel keeps no time zone: the only one that can be set is UTC. */
SYSCALL(settimeofday)
{
	s64 sec = 0;
	u32 us = 0, zone[2];

	if (arg[0] && fetch_time(arg[0], false, &sec, &us))
		return -EFAULT;
	if (arg[1] && usercopy_in(zone, arg[1], sizeof(zone)))
		return -EFAULT;
	if (us >= US_PER_SEC)
		return -EINVAL;
	if (arg[1] && (zone[0] || zone[1]))
		return -EINVAL;
	return arg[0] ? set_time_of_day(sec, us * 1000) : 0;
}

SYSCALL(stime)
{
	s32 seconds;

	return usercopy_in(&seconds, arg[0], sizeof(seconds)) ? -EFAULT : set_time_of_day(seconds, 0);
}

/* --- sleeping ------------------------------------------------------------------------------------------------------- */

/* Sleeps until the time of day is NS, even if it is set meanwhile. => false: interrupted by a signal */
static bool sleep_until_time_of_day(u64 ns)
{
	enum wait_result woken = WAIT_WOKEN;

	while (clock_realtime_ns() < ns && woken != WAIT_INTERRUPTED)
		woken = signal_stop_wait(&clocks_were_set, clock_ns() + ns - clock_realtime_ns());
	return woken != WAIT_INTERRUPTED;
}

static bool is_time_of_day(u32 clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_TAI;
}

/*
 * => 0; -EINVAL: there is no such clock; -EOPNOTSUPP: it is coarse, or measures processor time, which stops during a
 * sleep
 */
static int can_sleep_by(s32 clock)
{
	u64 now;

	if (clocks_read(clock, &now))
		return -EINVAL;
	return is_time_of_day(clock) || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME ? 0 : -EOPNOTSUPP;
}

/* WIDE: the timespecs have 64-bit words. */
static s32 sleep_by_clock(const u32 *arg, bool wide)
{
	u64 deadline;
	s64 sec;
	u32 ns;
	int error = can_sleep_by(arg[0]);

	if (error)
		return error;
	if (fetch_time(arg[2], wide, &sec, &ns))
		return -EFAULT;
	if (sec < 0 || ns >= NS_PER_SEC)
		return -EINVAL;
	deadline = (u64)MIN(sec, (s64)UINT32_MAX) * NS_PER_SEC + ns;
	if (arg[1] & TIMER_ABSTIME)
		return (is_time_of_day(arg[0]) ? sleep_until_time_of_day(deadline) : signal_stop_sleep(deadline)) ? 0 : -EINTR;
	deadline += clock_ns();
	if (signal_stop_sleep(deadline))
		return 0;
	error = wide ? deadline_rest_wide(arg[3], deadline) : deadline_rest(arg[3], NS_PER_SEC, deadline);
	return error ? error : -EINTR;
}

SYSCALL(clock_nanosleep) { return sleep_by_clock(arg, false); }
SYSCALL(clock_nanosleep_time64) { return sleep_by_clock(arg, true); }
