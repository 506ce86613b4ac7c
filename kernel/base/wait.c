/*
 * Wait queues. Interrupts are off in the kernel, so no wakeup can come between the caller's look at its condition and
 * the moment at which it is queued.
 */
#include "kernel/base/wait.h"

#include "kernel/base/panic.h"
#include "kernel/base/thread.h"

/* Inlined, so that each kind of sleep has only its own steps. */
static inline __attribute__((always_inline)) enum wait_result sleep_in(struct waitq *q, u64 deadline, bool killable,
									bool interruptible)
{
	struct thread *t = thread_current();

	ASSERT(t->stack_top); /* the idle thread must always be able to run */
	if ((killable && t->killed) || (interruptible && t->signalled))
		return WAIT_INTERRUPTED;
	if (t->before_sleep)
		t->before_sleep();
	t->state = THREAD_SLEEPING;
	t->sleep_killable = killable;
	t->sleep_interruptible = interruptible;
	list_push_back(&q->sleepers, &t->link);
	if (deadline != WAIT_FOREVER)
		thread_set_deadline(deadline);
	thread_block();
	return t->woken_by;
}

void wait_on(struct waitq *q)
{
	sleep_in(q, WAIT_FOREVER, false, false);
}

bool wait_on_killable(struct waitq *q)
{
	sleep_in(q, WAIT_FOREVER, true, false);
	return !thread_current()->killed;
}

enum wait_result wait_on_until(struct waitq *q, u64 deadline)
{
	return sleep_in(q, deadline, true, true);
}

enum wait_result wait_on_until_killed(struct waitq *q, u64 deadline)
{
	return sleep_in(q, deadline, true, false);
}

/* A watching thread that is not asleep was woken by another queue and has yet to look at all its conditions. */
static void wake_watchers(struct waitq *q)
{
	struct watch *w;

	list_for_each(w, &q->watches, link)
		if (w->thread->state == THREAD_SLEEPING)
			thread_wake(w->thread, WAIT_WOKEN);
}

static void wake_first(struct waitq *q)
{
	thread_wake(list_first(&q->sleepers, struct thread, link), WAIT_WOKEN);
}

void wake_one_of(struct waitq *q)
{
	wake_watchers(q);
	if (!list_empty(&q->sleepers))
		wake_first(q);
}

void wake_all(struct waitq *q)
{
	wake_watchers(q);
	while (!list_empty(&q->sleepers))
		wake_first(q);
}

void watch_begin(struct watch *w, struct waitq *q)
{
	w->thread = thread_current();
	list_init(&w->link);
	if (q)
		list_push_back(&q->watches, &w->link);
}

void watch_end(struct watch *w)
{
	list_remove(&w->link);
}
