/*
 * Waiting until a time, by whatever clock.
 *
 * Source: clock_nanosleep(2).
 */
#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/base/wait.h"
#include "kernel/signal_stop.h"
#include "kernel/syscall.h"
#include "mm/usercopy.h"

#define NS_PER_SEC 1000000000u

enum { CLOCK_REALTIME = 0, TIMER_ABSTIME = 1 };

static int tell_rest(vaddr_t to, u64 ns, bool wide)
{
	u32 t[4] = { 0 };

	t[0] = (u32)div64(ns, NS_PER_SEC, &t[wide ? 2 : 1]);
	return usercopy_out(to, t, wide ? 16 : 8);
}

/* WIDE: the time's words have 64 bits. */
static s32 sleep_by_clock(const u32 *arg, bool wide)
{
	struct waitq nobody = WAITQ_INIT(nobody);
	enum wait_result woken;
	u32 t[4];
	u64 deadline;

	if (usercopy_in(t, arg[2], wide ? 16 : 8))
		return -EFAULT;
	if (arg[0] > 7 || (wide && t[1]) || (s32)t[0] < 0 || t[wide ? 2 : 1] >= NS_PER_SEC)
		return -EINVAL;
	deadline = (u64)t[0] * NS_PER_SEC + t[wide ? 2 : 1];
	if (!(arg[1] & TIMER_ABSTIME))
		deadline += clock_ns();
	else if (arg[0] == CLOCK_REALTIME)
		deadline -= MIN(deadline, (u64)clock_boot_epoch * NS_PER_SEC);
	do
		woken = signal_stop_wait(&nobody, deadline);
	while (woken == WAIT_WOKEN);
	if (woken == WAIT_TIMEOUT || clock_ns() >= deadline)
		return 0;
	if (arg[3] && !(arg[1] & TIMER_ABSTIME) && tell_rest(arg[3], deadline - clock_ns(), wide))
		return -EFAULT;
	return -EINTR;
}

SYSCALL(clock_nanosleep) { return sleep_by_clock(arg, false); }
SYSCALL(clock_nanosleep_time64) { return sleep_by_clock(arg, true); }
