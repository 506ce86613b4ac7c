/*
 * setrlimit and getrlimit. kernel/task/limit.c lists which limits are enforced, stored only, or refused.
 *
 * Source: getrlimit(2).
 */
#include "kernel/lifecycle/limits.h"

#include "kernel/cpu/syscall.h"
#include "kernel/signal/itimer.h"
#include "kernel/task/task.h"
#include "mm/addrspace.h"
#include "mm/usercopy.h"

static bool is_possible(u32 which, struct limit l)
{
	switch (which) {
	case RLIMIT_RTTIME:
		return l.soft == LIMIT_NONE;
	case RLIMIT_NOFILE:
		return l.hard <= LIMIT_FILES;
	case RLIMIT_SIGPENDING:
		return l.soft <= LIMIT_QUEUED_SIGNALS;
	default:
		return true;
	}
}

int limits_set(struct task *t, u32 which, struct limit wanted)
{
	if (wanted.soft > wanted.hard)
		return -EINVAL;
	if (!is_possible(which, wanted))
		return -EPERM;
	t->limits[which] = wanted;
	if (which == RLIMIT_CPU)
		itimer_watch_limit(t);
	if (which == RLIMIT_STACK)
		t->as->stack_limit = wanted.soft;
	if (which == RLIMIT_RSS) {
		t->as->resident_limit = wanted.soft == LIMIT_NONE ? 0 : MAX(wanted.soft >> PAGE_SHIFT, RESIDENT_LEAST);
		t->as->resident_excess = 0;
	}
	return 0;
}

SYSCALL(getrlimit)
{
	struct limit l;

	if (arg[0] >= LIMITS)
		return -EINVAL;
	l = limit_of(task_current(), arg[0]);
	return usercopy_out(arg[1], &l, sizeof(l));
}

SYSCALL(setrlimit)
{
	struct limit l;

	if (arg[0] >= LIMITS)
		return -EINVAL;
	if (usercopy_in(&l, arg[1], sizeof(l)))
		return -EFAULT;
	return limits_set(task_current(), arg[0], l);
}
