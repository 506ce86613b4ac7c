/*
 * Waiting until a time, by whatever clock.
 *
 * Source: clock_nanosleep(2).
 */
#include "kernel/base/clock.h"
#include "kernel/deadline.h"
#include "kernel/signal_stop.h"
#include "kernel/syscall.h"
#include "mm/usercopy.h"

enum { CLOCK_REALTIME = 0, TIMER_ABSTIME = 1 };

/* WIDE: the time's words have 64 bits. */
static s32 sleep_by_clock(const u32 *arg, bool wide)
{
	bool absolute = arg[1] & TIMER_ABSTIME;
	u32 t[4];
	u64 deadline;
	int error;

	if (usercopy_in(t, arg[2], wide ? 16 : 8))
		return -EFAULT;
	if (arg[0] > 7 || (wide && t[1]) || (s32)t[0] < 0 || t[wide ? 2 : 1] >= NS_PER_SEC)
		return -EINVAL;
	deadline = (u64)t[0] * NS_PER_SEC + t[wide ? 2 : 1];
	if (!absolute)
		deadline += clock_ns();
	else if (arg[0] == CLOCK_REALTIME)
		deadline -= MIN(deadline, (u64)clock_boot_epoch * NS_PER_SEC);
	if (signal_stop_sleep(deadline))
		return 0;
	if (absolute)
		return -EINTR;
	error = wide ? deadline_rest_wide(arg[3], deadline) : deadline_rest(arg[3], NS_PER_SEC, deadline);
	return error ? error : -EINTR;
}

SYSCALL(clock_nanosleep) { return sleep_by_clock(arg, false); }
SYSCALL(clock_nanosleep_time64) { return sleep_by_clock(arg, true); }
