/*
 * The limits of a task. Those that mean something here: how large its stack may grow, how many of its pages are in memory
 * (its own ones are chosen as victims then), how many descriptors it has, how many signals are queued (for all tasks
 * together). The others accept what they are told and stay infinite, and hard limits are what is possible, whatever was
 * asked for: everybody is root.
 */
#include "kernel/limit.h"

#include "kernel/fs/file.h"
#include "kernel/signal_queue.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/addrspace.h"
#include "mm/usercopy.h"

enum { RLIMIT_STACK = 3, RLIMIT_RSS = 5, RLIMIT_NOFILE = 7, RLIMIT_SIGPENDING = 11 };

/* Fewer resident pages than these and an instruction that touches several could never finish. */
#define LEAST_RESIDENT 8

struct limit limit_of(const struct task *t, u32 which)
{
	struct limit l = { LIMIT_NONE, LIMIT_NONE };

	if (which == RLIMIT_STACK)
		l.soft = t->as->stack_limit;
	if (which == RLIMIT_RSS && t->as->resident_limit)
		l.soft = t->as->resident_limit << PAGE_SHIFT;
	if (which == RLIMIT_NOFILE)
		l.soft = l.hard = FS_FILES;
	if (which == RLIMIT_SIGPENDING)
		l.soft = SIGNAL_QUEUE_MAX;
	return l;
}

int limit_set(struct task *t, u32 which, struct limit wanted)
{
	if (wanted.soft > wanted.hard)
		return -EINVAL;
	if (which == RLIMIT_NOFILE && wanted.hard > FS_FILES)
		return -EPERM;
	if (which == RLIMIT_STACK)
		t->as->stack_limit = wanted.soft;
	if (which == RLIMIT_RSS)
		t->as->resident_limit =
			wanted.soft == LIMIT_NONE ? 0 : MAX(wanted.soft >> PAGE_SHIFT, LEAST_RESIDENT);
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
	return limit_set(task_current(), arg[0], l);
}
