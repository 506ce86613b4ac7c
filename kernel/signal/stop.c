/*
 * Stopping and going on.
 *
 * What a stopped or continued task has to tell is one word, task.news, until its parent has waited for it or it changes
 * again.
 *
 * A child that the first program has inherited is nobody's job, while those that it has started are: here the first
 * program is often the shell. (On Linux it never is, and none of its children count.)
 *
 * Sources: signal(7); POSIX, "Signal Actions", and exit(), "Consequences of Process Termination", for orphaned groups.
 */
#include "kernel/signal/stop.h"

#include "kernel/base/clock.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "kernel/task/wait_status.h"

/* --- groups without anybody ------------------------------------------------------------------------------------------ */

static bool leads_outside(const struct task *t, const struct task *parent)
{
	return parent && parent->pgid != t->pgid && parent->sid == t->sid;
}

bool signal_stop_orphaned(u32 pgid, const struct task *without)
{
	const struct task *t;

	list_for_each(t, &task_all, all)
		if (t->pgid == pgid && t != without && !t->zombie && !t->adopted && leads_outside(t, t->parent))
			return false;
	return true;
}

static bool has_stopped(u32 pgid)
{
	const struct task *t;

	list_for_each(t, &task_all, all)
		if (t->pgid == pgid && t->stopped)
			return true;
	return false;
}

void signal_stop_parted(const struct task *t, const struct task *parent, const struct task *without)
{
	const struct signal_info info = { .code = SI_KERNEL };

	if (!leads_outside(t, parent) || !signal_stop_orphaned(t->pgid, without) || !has_stopped(t->pgid))
		return;
	signal_send_group(t->pgid, SIGHUP, info);
	signal_send_group(t->pgid, SIGCONT, info);
}

/* --- the task -------------------------------------------------------------------------------------------------------- */

void signal_stop(u32 signal)
{
	struct task *t = task_current();

	if (signal != SIGSTOP && signal_stop_orphaned(t->pgid, NULL))
		return;
	t->stopped = true;
	t->news = WAIT_STATUS_STOPPED(signal);
	signal_send_parent_news(t);
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

/* It has been interrupted by nothing but stops, of which there may be more by the time that one is over. */
static bool only_stops(const struct task *t)
{
	return !t->thread.killed && signal_due(t->signals) == signal_stopping(t);
}

bool signal_stop_over(void)
{
	if (!only_stops(task_current()))
		return false;
	signal_stop_if_due();
	return only_stops(task_current());
}

enum wait_result signal_stop_wait(struct waitq *q, u64 deadline)
{
	enum wait_result woken = wait_on_until(q, deadline);

	return woken == WAIT_INTERRUPTED && signal_stop_over() ? WAIT_WOKEN : woken;
}

bool signal_stop_sleep(u64 deadline)
{
	struct waitq nobody = WAITQ_INIT(nobody);
	enum wait_result woken;

	do
		woken = signal_stop_wait(&nobody, deadline);
	while (woken == WAIT_WOKEN);
	return woken == WAIT_TIMEOUT || clock_ns() >= deadline;
}
