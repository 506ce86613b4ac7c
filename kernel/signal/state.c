/*
 * The state of a task's signals, and its rules.
 *
 *  - A signal is pending from when it is sent until it is taken. An ignored signal does not become pending unless it is
 *    blocked: its action may have changed by the time it is unblocked.
 *  - A signal whose default action is to kill the task does so as soon as it is pending, not blocked and not awaited by
 *    sigtimedwait (thread_kill()), so that it ends even a sleep for memory. One with a handler only ends sleeps in
 *    which the task holds nothing (thread_signal()).
 *  - A stop signal and SIGCONT cancel each other when they are sent, even if they are blocked, so they are never
 *    pending together. While a task is stopped, only SIGKILL kills it.
 *  - thread.signalled is set exactly while a pending signal is not blocked, or is awaited by sigtimedwait: every change
 *    of these sets ends with signal_changed().
 *
 * Source: signal(7), "Signal dispositions"; sigaction(2).
 */
#include "kernel/signal/signal.h"

#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/signal/queue.h"
#include "kernel/task/task.h"

/* Signals whose default action is to do nothing. SIGCONT takes effect when it is sent. */
#define DEFAULT_IGNORED                                                                              \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGWINCH))

/* Signals of exceptions are taken first: the frame of their handler must contain the instruction that raised them. */
#define FROM_INSTRUCTIONS                                                                            \
	(SIGNAL_BIT(SIGILL) | SIGNAL_BIT(SIGTRAP) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGFPE) |        \
	 SIGNAL_BIT(SIGSEGV))

/*
 * The first program ignores all signals without a handler, SIGKILL included, since the machine powers off when it ends.
 * Only an exception of its own kills it (`forced`).
 */
bool signal_is_ignored(const struct task *t, u32 signal)
{
	u32 handler = t->signals->actions[signal - 1].handler;
	u64 ignored = t->pid == 1 && !t->signals->forced ? ~0ull : DEFAULT_IGNORED;

	return handler == SIG_IGN || (handler == SIG_DFL && (SIGNAL_BIT(signal) & ignored));
}

u64 signal_due(const struct signals *s)
{
	return s->pending & (~s->blocked | s->awaited);
}

/* => those of AMONG for which T has no handler and whose default action does something */
static u64 acts_by_default(const struct task *t, u64 among)
{
	u64 set = 0;

	for (u32 signal = 1; among && signal <= SIGNAL_MAX; signal++)
		if ((among & SIGNAL_BIT(signal)) && t->signals->actions[signal - 1].handler == SIG_DFL &&
		    !signal_is_ignored(t, signal))
			set |= SIGNAL_BIT(signal);
	return set;
}

/* => pending signals that the task would take on its way to user mode: those that are due, but not the awaited ones */
static u64 takeable(const struct signals *s)
{
	return s->pending & ~s->blocked & ~s->awaited;
}

u64 signal_stopping(const struct task *t)
{
	return acts_by_default(t, takeable(t->signals) & SIGNAL_STOPS);
}

void signal_start_empty(struct signals *s)
{
	s->pending = 0;
	list_init(&s->queued);
}

static void forget(struct signals *s, u64 signals)
{
	s->pending &= ~signals;
	signal_queue_forget(&s->queued, signals);
}

static void kill(struct task *t, u32 signal)
{
	struct signals *s = t->signals;

	if (!s->fatal || signal == SIGKILL)
		s->fatal = signal;
	thread_kill(&t->thread);
}

void signal_changed(struct task *t)
{
	struct signals *s = t->signals;
	u64 fatal = acts_by_default(t, takeable(s) & (t->stopped ? SIGNAL_BIT(SIGKILL) : ~SIGNAL_STOPS));

	for (u32 signal = 1; fatal && signal <= SIGNAL_MAX; signal++)
		if (fatal & SIGNAL_BIT(signal))
			kill(t, signal);
	if (signal_stopping(t))
		swapping_recheck(&t->swap); /* instead of waiting at the gate it stops */
	if (signal_due(s))
		thread_signal(&t->thread);
	else
		t->thread.signalled = false;
}

bool signal_has_handler(u32 signal)
{
	const struct signals *s = task_current()->signals;

	return s->actions[signal - 1].handler > SIG_IGN && !(s->blocked & SIGNAL_BIT(signal));
}

u32 signal_take(u64 among, struct signal_info *info)
{
	struct signals *s = task_current()->signals;
	u64 found = s->pending & among;
	u32 signal = 1;

	if (!found)
		return 0;
	if (found & FROM_INSTRUCTIONS)
		found &= FROM_INSTRUCTIONS;
	while (!(found & SIGNAL_BIT(signal)))
		signal++;
	if (signal < SIGRTMIN)
		*info = s->infos[signal - 1];
	if (signal < SIGRTMIN || !signal_queue_take(&s->queued, signal, info))
		s->pending &= ~SIGNAL_BIT(signal);
	signal_changed(task_current());
	return signal;
}

void signal_set_blocked(u64 mask)
{
	task_current()->signals->blocked = mask & ~SIGNAL_UNBLOCKABLE;
	signal_changed(task_current());
}

void signal_replace_mask(u64 mask)
{
	struct signals *s = task_current()->signals;

	ASSERT(!s->has_saved);
	s->saved = s->blocked;
	s->has_saved = true;
	signal_set_blocked(mask);
}

void signal_restore_mask(void)
{
	struct signals *s = task_current()->signals;

	if (!s->has_saved)
		return;
	s->has_saved = false;
	signal_set_blocked(s->saved);
}

void signal_set_awaited(u64 mask)
{
	task_current()->signals->awaited = mask;
	signal_changed(task_current());
}

void signal_set_action(u32 signal, const struct signal_action *action)
{
	struct signals *s = task_current()->signals;

	s->actions[signal - 1] = *action;
	s->actions[signal - 1].mask &= ~SIGNAL_UNBLOCKABLE;
	if (signal_is_ignored(task_current(), signal))
		forget(s, SIGNAL_BIT(signal));
	signal_changed(task_current());
}

u32 signal_fatal(void)
{
	u32 fatal = task_current()->signals->fatal;

	return fatal ? fatal : SIGKILL; /* thread_kill() alone: a fault that recurs, or no memory in exit */
}

void signal_fork(struct signals *child, const struct signals *parent)
{
	*child = *parent;
	signal_start_empty(child);
	child->fatal = 0;
}

void signal_exec(void)
{
	struct signals *s = task_current()->signals;

	for (u32 i = 0; i < SIGNAL_MAX; i++) {
		u32 handler = s->actions[i].handler == SIG_IGN ? SIG_IGN : SIG_DFL;

		s->actions[i] = (struct signal_action){ .handler = handler };
	}
	memset(&s->stack, 0, sizeof(s->stack));
	s->trap = s->error = s->address = 0;
	signal_changed(task_current());
}

void signal_end(void)
{
	struct task *t = task_current();

	ASSERT(t->exiting); /* so signal_send() sends nothing more */
	forget(t->signals, ~0ull);
	t->thread.signalled = false;
}

static u64 with_handler(const struct signals *s, u32 from, u32 to)
{
	u64 set = 0;

	for (u32 i = 0; i < SIGNAL_MAX; i++)
		if (s->actions[i].handler >= from && s->actions[i].handler <= to)
			set |= 1ull << i;
	return set;
}

u64 signal_ignored(const struct signals *s)
{
	return with_handler(s, SIG_IGN, SIG_IGN);
}

u64 signal_caught(const struct signals *s)
{
	return with_handler(s, SIG_IGN + 1, ~0u);
}
