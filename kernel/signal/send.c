/*
 * Sending signals: to a task, a process group, a parent, or to the current task for an exception.
 *
 * Some effects come at once and not at delivery: a stop signal and SIGCONT cancel each other, SIGCONT continues a
 * stopped task, and its parent is notified. state.c decides what else changes in the task.
 *
 * Sources: signal(7), kill(2).
 */
#include "kernel/base/panic.h"
#include "kernel/signal/queue.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "kernel/task/wait_status.h"

struct signal_info signal_child_info(u32 pid, u32 status)
{
	if (status == WAIT_STATUS_CONTINUED)
		return (struct signal_info){ .code = CLD_CONTINUED, .value = pid, .status = SIGCONT };
	if (WAIT_STATUS_IS_STOPPED(status))
		return (struct signal_info){ .code = CLD_STOPPED, .value = pid, .status = WAIT_STATUS_CODE_OF(status) };
	if (WAIT_STATUS_SIGNAL_OF(status))
		return (struct signal_info){ .code = CLD_KILLED, .value = pid, .status = WAIT_STATUS_SIGNAL_OF(status) };
	return (struct signal_info){ .code = CLD_EXITED, .value = pid, .status = WAIT_STATUS_CODE_OF(status) };
}

void signal_notify_parent(const struct task *t)
{
	const struct signal_action *a = &t->parent->signals->actions[SIGCHLD - 1];

	if (a->handler != SIG_IGN && !(a->flags & SA_NOCLDSTOP))
		signal_send(t->parent, SIGCHLD, signal_child_info(t->pid, t->stop_status));
	wake_all(&t->parent->child_changed);
}

/* Continues T if it is stopped. */
static void resume(struct task *t)
{
	if (!t->stopped)
		return;
	t->stopped = false;
	t->stop_status = WAIT_STATUS_CONTINUED;
	wake_all(&t->resumed);
	signal_notify_parent(t);
}

/* A stop signal discards a pending SIGCONT and the reverse, even if T blocks or ignores it; SIGCONT also continues T. */
static void cancel_opposite(struct task *t, u32 signal)
{
	if (signal == SIGCONT) {
		t->signals->pending &= ~SIGNAL_STOPS;
		resume(t);
	} else if (SIGNAL_BIT(signal) & SIGNAL_STOPS) {
		t->signals->pending &= ~SIGNAL_BIT(SIGCONT);
	} else {
		return;
	}
	signal_changed(t);
}

/* => 0; -EAGAIN, -ENOMEM: no room in the queue. A signal of kill(2) is sent all the same, without INFO. */
static int store_info(struct task *t, u32 signal, const struct signal_info *info)
{
	struct signals *s = t->signals;
	int error = 0;

	if (signal >= SIGRTMIN)
		error = signal_queue_add(&s->queued, signal, info, limit_queued_signals(t));
	else if (!(s->pending & SIGNAL_BIT(signal)))
		s->infos[signal - 1] = *info;
	return info->code == SI_USER ? 0 : error;
}

int signal_send(struct task *t, u32 signal, struct signal_info info)
{
	struct signals *s = t->signals;
	u64 bit = SIGNAL_BIT(signal);
	int error;

	ASSERT(signal >= 1 && signal <= SIGNAL_MAX);
	if (t->zombie || t->exiting || !t->as)
		return 0;
	cancel_opposite(t, signal);
	if (signal_is_ignored(t, signal) && !(bit & (s->blocked | s->awaited)))
		return 0;
	error = store_info(t, signal, &info);
	if (error)
		return error;
	s->pending |= bit;
	signal_changed(t);
	return 0;
}

u32 signal_send_group(u32 pgid, u32 signal, struct signal_info info)
{
	struct task *t;
	u32 n = 0;

	list_for_each(t, task_group(pgid), group) {
		if (t->pgid != pgid || t->zombie)
			continue;
		if (signal)
			signal_send(t, signal, info);
		n++;
	}
	return n;
}

void signal_force(u32 signal, struct signal_info info)
{
	struct signals *s = task_current()->signals;

	if (!signal_has_handler(signal)) {
		s->actions[signal - 1].handler = SIG_DFL;
		s->blocked &= ~SIGNAL_BIT(signal);
		s->forced = true;
	}
	signal_send(task_current(), signal, info);
}
