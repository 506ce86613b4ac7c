/*
 * fork and exit.
 *
 * Exit allocates nothing and waits for no disk, so that ending a task always helps when memory is out. What a zombie
 * still holds is its struct task and its kernel stack, which it stands on until the last switch; the parent frees both.
 */
#include "kernel/lifecycle/lifecycle.h"

#include "kernel/base/clock.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/syscall.h"
#include "kernel/cpu/trap.h"
#include "kernel/fs/file.h"
#include "kernel/lifecycle/wait_child.h"
#include "kernel/signal/signal.h"
#include "kernel/signal/stop.h"
#include "mm/mm.h"

void (*lifecycle_end_of_world)(u32 status);

/* --- fork -------------------------------------------------------------------------------------------------------- */

static void begin_child(void *frame)
{
	thread_leave_kernel();
	trap_exit_to_user(frame);
}

/* What fork hands on beside memory and files. */
static void inherit(struct task *child, const struct task *parent)
{
	child->pgid = parent->pgid;
	child->sid = parent->sid;
	schedule_fork(child, parent);
	memcpy(child->limits, parent->limits, sizeof(child->limits));
	limit_watch_time(child);
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
 * To make progress a task needs its instruction, its stack, what it touches and the source of a copy in memory at the
 * same time. With more tasks than that allows, all would wait for each other's frames.
 */
#define FRAMES_PER_TASK 4

/* What the kernel itself takes for a task before that has done anything, and never gives up while it lives. */
#define FRAMES_FOR_TASK 16

/* Reserved for the children of the first program, so that the shell can still run a command after a fork bomb. */
#define TASKS_FOR_FIRST 4

static bool too_many_tasks(const struct task *parent)
{
	u32 tasks = task_count() + 1, usable = frame_pageable();

	if (parent->pid == 1)
		return tasks > KSTACK_COUNT;
	if (tasks > KSTACK_COUNT - TASKS_FOR_FIRST || usable < FRAMES_FOR_TASK * tasks)
		return true;
	if (frame_limit())
		usable = MIN(usable, frame_limit());
	return usable < FRAMES_PER_TASK * tasks;
}

/* => 0 or -ENOMEM, with nothing changed */
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

/* T was killed while BORROWER still runs in its space: passes the space to the borrower, or leaves it with T's own lender. */
static void hand_on_space(struct task *t, struct task *borrower, struct addrspace *as)
{
	borrower->lender = t->lender;
	if (t->lender)
		t->lender->borrower = borrower;
	else
		addrspace_rename(as, borrower->pid, borrower->name);
	t->lender = t->borrower = NULL;
}

void lifecycle_leave_space(struct addrspace *as)
{
	struct task *t = task_current();

	if (t->borrower) {
		hand_on_space(t, t->borrower, as);
		return;
	}
	if (!t->lender) {
		addrspace_destroy(as);
		return;
	}
	t->lender->borrower = NULL;
	wake_all(&t->lender->space_back);
	t->lender = NULL;
}

/* Who asked for the number gave a bad address: that is no reason to fail, as on Linux. */
static void tell_number(u32 pid, const struct fork_wish *wish, struct addrspace *child_space)
{
	if (wish->parent_number && usercopy_out(wish->parent_number, &pid, sizeof(pid)))
		return;
	if (wish->child_number && usercopy_to_space(child_space, wish->child_number, &pid, sizeof(pid)))
		return;
}

s32 lifecycle_fork(const struct fork_wish *wish)
{
	struct task *parent = task_current(), *child;
	u32 pid;

	wait_child_reap_unwanted(parent);
	if (too_many_tasks(parent))
		return -EAGAIN;
	child = task_create(parent->name);
	if (!child)
		return -ENOMEM;
	child->fs = fs_context_fork(parent->fs);
	if (!child->fs || give_space(child, parent, wish->lend_space)) {
		undo_fork(child);
		return -ENOMEM;
	}
	inherit(child, parent);
	child->end_signal = wish->end_signal;
	child->cleared_number = wish->cleared_number;
	if (wish->stack)
		child->tf->esp = wish->stack;
	task_set_parent(child, parent);
	pid = child->pid;
	tell_number(pid, wish, child->as);
	thread_ready(&child->thread);
	while (parent->borrower)
		if (!wait_on_killable(&parent->space_back))
			return -EINTR; /* this task ends; the borrower keeps the space */
	return pid;
}

SYSCALL(fork)
{
	(void)arg;
	return lifecycle_fork(&(struct fork_wish){ .end_signal = SIGCHLD });
}

/* --- exit -------------------------------------------------------------------------------------------------------- */

static bool wants_no_zombies(const struct task *parent)
{
	const struct signal_action *a = &parent->signals->actions[SIGCHLD - 1];

	return a->handler == SIG_IGN || (a->flags & SA_NOCLDWAIT);
}

/* => the task that inherits T's children: the nearest ancestor that is a subreaper, or the first program */
static struct task *heir_of(const struct task *t)
{
	struct task *heir = t->parent;

	while (heir && (!heir->subreaper || heir->exiting))
		heir = heir->parent;
	return heir ? heir : task_find(1);
}

/* Reparents T's children and sends those that asked for it their death signal. */
static void leave_children(struct task *t)
{
	struct task *heir = heir_of(t);

	while (!list_empty(&t->children)) {
		struct task *child = list_first(&t->children, struct task, sibling);

		task_set_parent(child, heir);
		child->adopted = true;
		child->end_signal = SIGCHLD;
		signal_stop_parted(child, t, NULL);
		if (child->death_signal)
			signal_send(child, child->death_signal, (struct signal_info){ .code = SI_USER, .value = t->pid });
		if (child->zombie)
			wake_all(&heir->child_changed);
	}
}

static void give_back_memory(struct task *t)
{
	struct addrspace *as = t->as;

	t->min_faults += as->minor_faults;
	t->maj_faults += as->major_faults;
	t->peak = MAX(t->peak, as->pagetable.peak);
	swapper_forget();
	task_enter_space(t, NULL);
	lifecycle_leave_space(as);
}

void lifecycle_exit(u32 status)
{
	struct task *t = task_current();

	ASSERT(t->as && !t->exiting);
	t->exiting = true;
	signal_end();
	itimer_clear(t);
	if (compat_leave_program)
		compat_leave_program();
	fs_context_destroy(t->fs);
	t->fs = NULL;
	give_back_memory(t);
	frame_end_turn();
	wait_child_reap_unwanted(t);
	if (t->pid == 1)
		lifecycle_end_of_world(status);
	leave_children(t);
	signal_stop_parted(t, t->parent, t);
	t->wait_status = status;
	t->zombie = true;
	t->unwanted = t->end_signal == SIGCHLD && wants_no_zombies(t->parent);
	if (t->end_signal)
		signal_send(t->parent, t->end_signal, wait_child_info(t->pid, t->wait_status));
	wake_all(&t->parent->child_changed);
	thread_exit();
}

SYSCALL(exit)
{
	lifecycle_exit(WAIT_STATUS_EXIT(arg[0]));
}
