/*
 * wait: reports to a parent that a child has exited, stopped or continued, and frees zombies.
 *
 * A child has one such report at a time (kernel/task/task.h: zombie, wait_status, stop_status).
 *
 * Sources: wait(2), waitid(2).
 */
#include "kernel/lifecycle/wait.h"

#include "kernel/base/panic.h"
#include "kernel/cpu/syscall.h"
#include "kernel/lifecycle/create.h"
#include "kernel/task/wait_status.h"
#include "mm/usercopy.h"

/* --- zombies ------------------------------------------------------------------------------------------------------- */

static void reap(struct task *t)
{
	ASSERT(t->zombie);
	task_free(t);
}

/* They are the first of its children: exit_task(). */
void wait_reap_unwanted(struct task *parent)
{
	struct task *child, *next;

	list_for_each_safe(child, next, &parent->children, sibling) {
		if (!child->unwanted)
			return;
		reap(child);
	}
}

static void add_up(struct task *parent, const struct task *child)
{
	parent->child_ns += child->thread.run_ns + child->child_ns;
	parent->child_user_ns += thread_user_ns(&child->thread) + child->child_user_ns;
	parent->child_min_faults += child->min_faults + child->child_min_faults;
	parent->child_maj_faults += child->maj_faults + child->child_maj_faults;
	parent->child_peak = MAX(parent->child_peak, MAX(child->peak, child->child_peak));
}

/* --- reports ------------------------------------------------------------------------------------------------------- */

/* => true: ARGS select CHILD */
static bool wait_is_selected(const struct task *child, const struct wait_args *args)
{
	if (!(args->options & WAIT_ALL) && (child->exit_signal != SIGCHLD) != !!(args->options & WAIT_CLONE))
		return false;
	if (args->who == WAIT_ANY)
		return true;
	return args->number == (args->who == WAIT_PID ? child->pid : child->pgid);
}

static u32 kind_of_report(const struct task *child)
{
	if (child->zombie)
		return WEXITED;
	if (child->stop_status == WAIT_STATUS_CONTINUED)
		return WCONTINUED;
	return child->stop_status ? WUNTRACED : 0;
}

/* => has CHILD a report of a kind that ARGS select? If it may have one later, *ANY becomes true. */
static bool wait_has_report(const struct task *child, const struct wait_args *args, bool *any)
{
	if (!wait_is_selected(child, args))
		return false;
	*any |= !child->zombie;
	return kind_of_report(child) & args->options;
}

/*
 * => a selected child that has a report of a kind in ARGS; NULL: none has, and *ANY: a selected child may have one
 * later
 */
static struct task *wait_find(struct task *parent, const struct wait_args *args, bool *any)
{
	struct task *child = args->who == WAIT_PID ? task_find(args->number) : NULL;

	*any = false;
	if (args->who == WAIT_PID)
		return child && child->parent == parent && wait_has_report(child, args, any) ? child : NULL;
	list_for_each(child, &parent->children, sibling)
		if (wait_has_report(child, args, any))
			return child;
	return NULL;
}

static u32 collect(struct task *parent, struct task *child, u32 options, struct wait_report *report)
{
	u32 pid = child->pid;

	report->status = child->zombie ? child->wait_status : child->stop_status;
	rusage_of_all(child, &report->usage);
	if (options & WNOWAIT)
		return pid;
	child->stop_status = 0;
	if (child->zombie) {
		add_up(parent, child);
		reap(child);
	}
	return pid;
}

/*
 * The signal that interrupts the sleep may be the child's SIGCHLD, so the children are searched once more before
 * -ERESTART.
 */
s32 wait_child(const struct wait_args *args, struct wait_report *report)
{
	struct task *parent = task_current(), *child;
	enum wait_result woken = WAIT_WOKEN;
	bool any;

	for (;;) {
		wait_reap_unwanted(parent);
		child = wait_find(parent, args, &any);
		if (child)
			return collect(parent, child, args->options, report);
		if (!any)
			return -ECHILD;
		if (args->options & WNOHANG)
			return 0;
		if (woken == WAIT_INTERRUPTED)
			return -ERESTART;
		woken = wait_on_until(&parent->child_changed, WAIT_FOREVER);
	}
}

/* --- calls --------------------------------------------------------------------------------------------------------- */

/* The child is freed even if the parent's address is invalid, as on Linux. */
static s32 wait_for(s32 pid, vaddr_t status, u32 options, vaddr_t usage)
{
	struct wait_args args = { .who = WAIT_ANY, .options = options | WEXITED };
	struct wait_report report;
	s32 found;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | WAIT_NO_THREAD | WAIT_ALL | WAIT_CLONE))
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid != -1) {
		args.who = pid > 0 ? WAIT_PID : WAIT_GROUP;
		args.number = pid > 0 ? pid : pid ? -pid : (s32)task_current()->pgid;
	}
	found = wait_child(&args, &report);
	if (found <= 0)
		return found;
	if (status && usercopy_out(status, &report.status, sizeof(report.status)))
		return -EFAULT;
	if (usage && usercopy_out(usage, &report.usage, sizeof(report.usage)))
		return -EFAULT;
	return found;
}

SYSCALL(wait4)
{
	return wait_for(arg[0], arg[1], arg[2], arg[3]);
}

SYSCALL(waitpid)
{
	return wait_for(arg[0], arg[1], arg[2], 0);
}
