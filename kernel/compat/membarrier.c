/*
 * membarrier: orders the stores of all tasks that share memory with the caller.
 *
 * There is one processor, which sees its own stores in order, and no other task runs during the call. So the barrier
 * needs no action. What remains is Linux's rule that a task must register before it may use the commands that interrupt
 * other processors.
 *
 * Source: membarrier(2).
 */
#include "kernel/base/errno.h"
#include "kernel/cpu/syscall.h"
#include "kernel/task/task.h"

enum {
	QUERY = 0, GLOBAL = 1 << 0, GLOBAL_EXPEDITED = 1 << 1, REGISTER_GLOBAL_EXPEDITED = 1 << 2, PRIVATE_EXPEDITED = 1 << 3,
	REGISTER_PRIVATE_EXPEDITED = 1 << 4, PRIVATE_EXPEDITED_SYNC_CORE = 1 << 5, REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = 1 << 6,
	ALL = (1 << 7) - 1,
};

/* The commands for rseq(2) are unknown, as on a Linux without it. => 0, -EPERM: not registered, -EINVAL */
SYSCALL(membarrier)
{
	struct task *t = task_current();

	if (arg[1])
		return -EINVAL;
	switch (arg[0]) {
	case QUERY:
		return ALL;
	case GLOBAL:
	case GLOBAL_EXPEDITED:
		return 0;
	case REGISTER_GLOBAL_EXPEDITED:
	case REGISTER_PRIVATE_EXPEDITED:
	case REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
		t->barriers |= arg[0];
		return 0;
	case PRIVATE_EXPEDITED:
	case PRIVATE_EXPEDITED_SYNC_CORE:
		return t->barriers & arg[0] << 1 ? 0 : -EPERM;
	default:
		return -EINVAL;
	}
}
