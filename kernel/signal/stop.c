/*
 * Stop signals and SIGCONT.
 *
 * A stop, or its end, is reported by one word, task.stop_status, until the parent has waited for it or the next stop or
 * SIGCONT replaces it.
 *
 * A process group is orphaned if no member has a parent that could continue it: one outside the group, in the same
 * session. The first program counts as such a parent for tasks that it has started itself, since here it is often the
 * shell, but not for orphans that were reparented to it. (On Linux the first program is never the shell, and never
 * counts.)
 *
 * Sources: signal(7); POSIX, "Signal Actions", and exit(), "Consequences of Process Termination", for orphaned groups.
 */
#include "kernel/signal/stop.h"

#include "kernel/base/clock.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "kernel/task/wait_status.h"

/* --- orphaned groups ------------------------------------------------------------------------------------------------- */

/* => true: PARENT can continue T's group */
static bool leads_outside(const struct task *t, const struct task *parent)
{
	return parent && parent->pgid != t->pgid && parent->sid == t->sid;
}

bool signal_stop_is_orphaned(u32 pgid, const struct task *without)
{
	const struct task *t;

	list_for_each(t, task_group(pgid), group)
		if (t->pgid == pgid && t != without && !t->zombie && !t->adopted && leads_outside(t, t->parent))
			return false;
	return true;
}

static bool has_stopped(u32 pgid)
{
	const struct task *t;

	list_for_each(t, task_group(pgid), group)
		if (t->pgid == pgid && t->stopped)
			return true;
	return false;
}

void signal_stop_release_orphans(const struct task *t, const struct task *parent, const struct task *without)
{
	const struct signal_info info = { .code = SI_KERNEL };

	if (!leads_outside(t, parent) || !signal_stop_is_orphaned(t->pgid, without) || !has_stopped(t->pgid))
		return;
	signal_send_group(t->pgid, SIGHUP, info);
	signal_send_group(t->pgid, SIGCONT, info);
}

/* --- the current task ------------------------------------------------------------------------------------------------ */

void signal_stop(u32 signal)
{
	struct task *t = task_current();

	if (signal != SIGSTOP && signal_stop_is_orphaned(t->pgid, NULL))
		return;
	t->stopped = true;
	t->stop_status = WAIT_STATUS_STOPPED(signal);
	signal_notify_parent(t);
	while (t->stopped && wait_on_killable(&t->resumed))
		;
	t->stopped = false;
}

void signal_stop_if_due(void)
{
	struct signal_info unused;
	u32 signal = signal_take(signal_stopping(task_current()), &unused);

	if (signal)
		signal_stop(signal);
}

/* => true: only stop signals have interrupted T */
static bool only_stops(const struct task *t)
{
	return !t->thread.killed && signal_due(t->signals) == signal_stopping(t);
}

bool signal_stop_over(void)
{
	if (!only_stops(task_current()))
		return false;
	signal_stop_if_due();
	return only_stops(task_current()); /* other signals may have come while the task was stopped */
}

enum wait_result signal_stop_wait(struct waitq *q, u64 deadline)
{
	enum wait_result woken = wait_on_until(q, deadline);

	return woken == WAIT_INTERRUPTED && signal_stop_over() ? WAIT_WOKEN : woken;
}

bool signal_stop_sleep(u64 deadline)
{
	struct waitq never_woken = WAITQ_INIT(never_woken);
	enum wait_result woken;

	do
		woken = signal_stop_wait(&never_woken, deadline);
	while (woken == WAIT_WOKEN);
	return woken == WAIT_TIMEOUT || clock_ns() >= deadline;
}
