/*
 * Resource limits in two more forms: getrlimit before limits could exceed 2^31, and prlimit64 with 64 bits.
 *
 * Source: getrlimit(2).
 */
#include "kernel/lifecycle/limits.h"

#include "kernel/cpu/syscall.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

SYSCALL(old_getrlimit)
{
	struct limit l;

	if (arg[0] >= LIMITS)
		return -EINVAL;
	l = limit_of(task_current(), arg[0]);
	l.soft = MIN(l.soft, (u32)INT32_MAX);
	l.hard = MIN(l.hard, (u32)INT32_MAX);
	return usercopy_out(arg[1], &l, sizeof(l));
}

static u64 widen(u32 value)
{
	return value == LIMIT_NONE ? ~0ull : value;
}

/* arg: task, limit, address of the new limit, address for the old one; soft and hard limit with 64 bits each. */
SYSCALL(prlimit64)
{
	struct task *t;
	u64 wanted[2], old[2];
	struct limit l;
	int error = 0;

	if (arg[1] >= LIMITS)
		return -EINVAL;
	if (arg[2] && usercopy_in(wanted, arg[2], sizeof(wanted)))
		return -EFAULT;
	t = arg[0] ? task_find(arg[0]) : task_current();
	if (!t || !t->as)
		return -ESRCH;
	l = limit_of(t, arg[1]);
	if (arg[2])
		error = limits_set(t, arg[1], (struct limit){ MIN(wanted[0], LIMIT_NONE), MIN(wanted[1], LIMIT_NONE) });
	if (error)
		return error;
	old[0] = widen(l.soft);
	old[1] = widen(l.hard);
	return arg[3] ? usercopy_out(arg[3], old, sizeof(old)) : 0;
}
