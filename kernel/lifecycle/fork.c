/*
 * fork: creates a child with a copy of its parent's address space (mm/addrspace_fork.c). After vfork the child runs in
 * the parent's own space, and the parent sleeps until the child has called execve or has exited.
 *
 * Sources: fork(2), vfork(2).
 */
#include "kernel/lifecycle/fork.h"

#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/kstack.h"
#include "kernel/cpu/syscall.h"
#include "kernel/cpu/trap.h"
#include "kernel/fs/file.h"
#include "kernel/lifecycle/create.h"
#include "kernel/lifecycle/wait.h"
#include "kernel/signal/itimer.h"
#include "kernel/signal/signal.h"
#include "mm/mm.h"

/* The child's first code in the kernel. */
static void begin_child(void *frame)
{
	thread_leave_kernel();
	trap_exit_to_user(frame);
}

/* Copies everything that fork inherits besides address space and files. */
static void inherit(struct task *child, const struct task *parent)
{
	task_set_group(child, parent->pgid);
	child->sid = parent->sid;
	schedule_fork(child, parent);
	memcpy(child->limits, parent->limits, sizeof(child->limits));
	itimer_watch_limit(child);
	child->no_new_privileges = parent->no_new_privileges;
	child->not_dumpable = parent->not_dumpable;
	child->barriers = parent->barriers;
	child->groups = parent->groups;
	child->oom_adjust = parent->oom_adjust;
	child->environment = parent->environment;
	child->auxiliary = parent->auxiliary;
	signal_fork(child->signals, parent->signals);
	memcpy(child->command, parent->command, sizeof(child->command));
	child->command_length = parent->command_length;
	memcpy(child->thread.segments, parent->thread.segments, sizeof(child->thread.segments));
	fpu_copy_current(child->thread.fpu);
	*child->tf = *parent->tf;
	child->tf->eax = 0;
	child->thread.entry = begin_child;
	child->thread.argument = child->tf;
}

static void undo_fork(struct task *child)
{
	if (child->fs)
		fs_context_destroy(child->fs);
	child->fs = NULL;
	task_free(child);
}

/*
 * To make progress a task needs its code, its stack, its data and the source of a copy in memory at the same time. If
 * there were more tasks than frames for that, they would all wait for each other's frames.
 */
#define MIN_WORKING_SET 4

/* Unevictable frames that every task costs from the start, for as long as it lives. */
#define KERNEL_FRAMES_PER_TASK 16

/* Tasks reserved for children of the first program, so that the shell can still run a command after a fork bomb. */
#define TASKS_FOR_FIRST 4

static bool too_many_tasks(const struct task *parent)
{
	u32 tasks = task_count() + 1, usable = frame_pageable();

	if (parent->pid == 1)
		return tasks > KSTACK_COUNT;
	if (tasks > KSTACK_COUNT - TASKS_FOR_FIRST || usable < KERNEL_FRAMES_PER_TASK * tasks)
		return true;
	/* With frames=N only few frames hold pages, though the kernel has plenty. */
	return frame_limit() && frame_limit() < MIN_WORKING_SET * tasks;
}

/* Gives CHILD a copy of PARENT's space, or (LEND) that space itself. => 0; -ENOMEM: nothing has changed; sleeps */
static int give_space(struct task *child, struct task *parent, bool lend)
{
	struct addrspace *as = parent->as;
	int error = lend ? 0 : addrspace_fork(parent->as, child->pid, &as);

	if (error)
		return error;
	if (lend) {
		child->lender = parent;
		parent->borrower = child;
	}
	task_enter_space(child, as);
	return 0;
}

/* Stores the child's number where clone(2) was asked to. An invalid address does not make it fail, as on Linux. */
static void store_tid(u32 pid, const struct fork_args *args, struct addrspace *child_space)
{
	if (args->parent_tid && usercopy_out(args->parent_tid, &pid, sizeof(pid)))
		return;
	if (args->child_tid && usercopy_to_space(child_space, args->child_tid, &pid, sizeof(pid)))
		return;
}

s32 fork_task(const struct fork_args *args)
{
	struct task *parent = task_current(), *child;
	u32 pid;

	wait_reap_unwanted(parent);
	if (too_many_tasks(parent))
		return -EAGAIN;
	child = task_create(parent->name);
	if (!child)
		return -ENOMEM;
	child->fs = fs_context_fork(parent->fs);
	if (!child->fs || give_space(child, parent, args->lend_space)) {
		undo_fork(child);
		return -ENOMEM;
	}
	inherit(child, parent);
	child->exit_signal = args->exit_signal;
	child->clear_tid = args->clear_tid;
	if (args->stack)
		child->tf->esp = args->stack;
	task_set_parent(child, parent);
	pid = child->pid;
	store_tid(pid, args, child->as);
	thread_ready(&child->thread);
	while (parent->borrower)
		if (!wait_on_killable(&parent->space_back))
			return -EINTR; /* this task was killed; the borrower keeps the space */
	return pid;
}

SYSCALL(fork)
{
	(void)arg;
	return fork_task(&(struct fork_args){ .exit_signal = SIGCHLD });
}
