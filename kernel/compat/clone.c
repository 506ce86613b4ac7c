/*
 * clone and vfork, in the forms that create a process: a copy as after fork, or a child that borrows its parent's
 * address space.
 *
 * Threads are not supported: CLONE_VM without CLONE_VFORK is refused.
 *
 * Sources: clone(2), vfork(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/cpu/trap.h"
#include "kernel/lifecycle/fork.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

enum {
	CSIGNAL = 0xFF, CLONE_VM = 0x100, CLONE_VFORK = 0x4000, CLONE_PARENT_SETTID = 0x100000,
	CLONE_CHILD_CLEARTID = 0x200000, CLONE_CHILD_SETTID = 0x1000000,
};
#define CLONE_KNOWN (CSIGNAL | CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID)

/* arg: flags, stack, address of the number in the parent, tls, address of the number in the child. */
SYSCALL(clone)
{
	u32 flags = arg[0];
	struct fork_args args = { .stack = arg[1], .lend_space = flags & CLONE_VM, .exit_signal = flags & CSIGNAL };

	if ((flags & ~CLONE_KNOWN) || (flags & CSIGNAL) > SIGNAL_MAX || ((flags & CLONE_VM) && !(flags & CLONE_VFORK)))
		return -EINVAL;
	if (flags & CLONE_PARENT_SETTID)
		args.parent_tid = arg[2];
	if (flags & CLONE_CHILD_SETTID)
		args.child_tid = arg[4];
	if (flags & CLONE_CHILD_CLEARTID)
		args.clear_tid = arg[4];
	return fork_task(&args);
}

SYSCALL(vfork)
{
	(void)arg;
	return fork_task(&(struct fork_args){ .lend_space = true, .exit_signal = SIGCHLD });
}
