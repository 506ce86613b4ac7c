/* System calls of interval timers: alarm(2), setitimer(2), getitimer(2). */
#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/cpu/syscall.h"
#include "kernel/signal/itimer.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

#define NS_PER_US 1000u

/* struct itimerval of i386. */
struct itimerval {
	s32 interval_sec, interval_usec, sec, usec;
};

static u64 to_ns(s32 sec, s32 usec)
{
	return (u64)sec * NS_PER_SEC + (u64)usec * NS_PER_US;
}

/* Rounds up: the time until an alarm must not become 0, which means that none is set. */
static void from_ns(u64 ns, s32 *sec, s32 *usec)
{
	u32 rest;

	*sec = (s32)div64(ns + NS_PER_US - 1, NS_PER_SEC, &rest);
	*usec = (s32)(rest / NS_PER_US);
}

static void get(const struct task *t, enum itimer_kind kind, struct itimerval *to)
{
	from_ns(t->itimers[kind].interval_ns, &to->interval_sec, &to->interval_usec);
	from_ns(itimer_left(t, kind), &to->sec, &to->usec);
}

static bool is_time(s32 sec, s32 usec)
{
	return sec >= 0 && usec >= 0 && usec < (s32)US_PER_SEC;
}

SYSCALL(setitimer)
{
	struct task *t = task_current();
	struct itimerval new = { 0 }, old;

	if (arg[1] && usercopy_in(&new, arg[1], sizeof(new)))
		return -EFAULT;
	if (!is_time(new.sec, new.usec) || !is_time(new.interval_sec, new.interval_usec) || arg[0] > ITIMER_PROF)
		return -EINVAL;
	get(t, arg[0], &old);
	itimer_set(t, arg[0], to_ns(new.sec, new.usec), to_ns(new.interval_sec, new.interval_usec));
	return arg[2] ? usercopy_out(arg[2], &old, sizeof(old)) : 0;
}

SYSCALL(getitimer)
{
	struct itimerval now;

	if (arg[0] > ITIMER_PROF)
		return -EINVAL;
	get(task_current(), arg[0], &now);
	return usercopy_out(arg[1], &now, sizeof(now));
}

/* => the seconds until the old alarm, rounded, at least 1; 0: none was set */
SYSCALL(alarm)
{
	struct task *t = task_current();
	struct itimerval old;

	get(t, ITIMER_REAL, &old);
	itimer_set(t, ITIMER_REAL, to_ns(MIN(arg[0], (u32)INT32_MAX), 0), 0);
	return old.sec + ((!old.sec && old.usec) || old.usec >= (s32)US_PER_SEC / 2);
}
