/*
 * exit: a task frees its resources and becomes a zombie.
 *
 * Giving back the memory allocates nothing and waits for no disk, so killing a task always helps when memory is
 * exhausted. Only leave_program() before it, for a task with robust locks or a word to clear, touches user memory,
 * which may fault and wait for a frame; the OOM killer cuts that wait short (kernel/compat/robust.c). A zombie still
 * has its struct task and its kernel stack, on which it runs until the last switch; the parent frees both in wait.c.
 *
 * Source: POSIX, exit(), "Consequences of Process Termination".
 */
#include "kernel/lifecycle/exit.h"

#include "kernel/base/panic.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"
#include "kernel/lifecycle/wait.h"
#include "kernel/pressure/swapper.h"
#include "kernel/signal/itimer.h"
#include "kernel/signal/signal.h"
#include "kernel/signal/stop.h"
#include "kernel/task/compat.h"
#include "kernel/task/wait_status.h"
#include "mm/mm.h"

void (*on_init_exit)(u32 status);

/*
 * T was killed while BORROWER runs in its space: the borrower owns it from now on, or borrows it from T's own lender.
 */
static void pass_on_space(struct task *t, struct task *borrower, struct addrspace *as)
{
	borrower->lender = t->lender;
	if (t->lender)
		t->lender->borrower = borrower;
	else
		addrspace_rename(as, borrower->pid, borrower->name);
	t->lender = t->borrower = NULL;
}

void exit_leave_space(struct addrspace *as)
{
	struct task *t = task_current();

	t->min_faults += as->minor_faults;
	t->maj_faults += as->major_faults;
	t->peak = MAX(t->peak, pagetable_peak(&as->pagetable));
	if (t->borrower) {
		pass_on_space(t, t->borrower, as);
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

/* Reparents T's children, and sends each the signal that it asked for with PR_SET_PDEATHSIG. */
static void reparent_children(struct task *t)
{
	struct task *heir = heir_of(t);

	while (!list_empty(&t->children)) {
		struct task *child = list_first(&t->children, struct task, sibling);

		task_set_parent(child, heir);
		child->adopted = true;
		child->exit_signal = SIGCHLD;
		/* CHILD's group may now be orphaned: stopped members get SIGHUP and SIGCONT. */
		signal_stop_release_orphans(child, t, NULL);
		if (child->death_signal)
			signal_send(child, child->death_signal, (struct signal_info){ .code = SI_USER, .value = t->pid });
		if (child->zombie)
			wake_all(&heir->child_changed);
	}
}

static void release_memory(struct task *t)
{
	struct addrspace *as = t->as;

	swapper_forget();
	task_enter_space(t, NULL);
	exit_leave_space(as);
}

void exit_task(u32 status)
{
	struct task *t = task_current();

	ASSERT(t->as && !t->exiting);
	t->exiting = true;
	signal_end();
	itimer_clear(t);
	if (&compat_ops)
		compat_ops.leave_program();
	fs_context_destroy(t->fs);
	t->fs = NULL;
	release_memory(t);
	wait_reap_unwanted(t);
	if (t->pid == 1)
		on_init_exit(status);
	reparent_children(t);
	signal_stop_release_orphans(t, t->parent, t);
	t->wait_status = status;
	t->zombie = true;
	t->unwanted = t->exit_signal == SIGCHLD && wants_no_zombies(t->parent);
	if (t->unwanted) {
		list_remove(&t->sibling);
		list_push_front(&t->parent->children, &t->sibling);
	}
	if (t->exit_signal)
		signal_send(t->parent, t->exit_signal, signal_child_info(t->pid, t->wait_status));
	wake_all(&t->parent->child_changed);
	thread_exit();
}

SYSCALL(exit)
{
	exit_task(WAIT_STATUS_EXIT(arg[0]));
}
