/*
 * Alarms come from the timer interrupt: a running program is interrupted, a sleeping one woken.
 *
 * An alarm repeats at most each millisecond, whatever was asked for: a program that asks for less would keep the machine
 * in interrupts. setitimer(2) permits what comes late.
 */
#include "kernel/itimer.h"

#include "kernel/base/clock.h"
#include "kernel/base/thread.h"
#include "kernel/signal.h"
#include "kernel/task.h"

#define INTERVAL_MIN_NS 1000000u

static struct list itimers = LIST_INIT(itimers); /* of all tasks that wait for an alarm, in no order */

void itimer_init(struct itimer *i)
{
	list_init(&i->link);
}

static void ring(struct task *t, u64 now)
{
	struct itimer *i = &t->itimer;

	if (!i->interval_ns)
		list_remove(&i->link);
	else if (i->deadline + i->interval_ns > now + INTERVAL_MIN_NS)
		i->deadline += i->interval_ns;
	else
		i->deadline = now + MAX(i->interval_ns, INTERVAL_MIN_NS);
	signal_send(t, SIGALRM, (struct signal_info){ .code = SI_KERNEL });
}

/* => when the next alarm is due */
static u64 serve(u64 now)
{
	u64 next = WAIT_FOREVER;
	struct itimer *i, *tmp;

	list_for_each_safe(i, tmp, &itimers, link) {
		if (i->deadline <= now)
			ring(container_of(i, struct task, itimer), now);
		if (!list_empty(&i->link))
			next = MIN(next, i->deadline);
	}
	return next;
}

void itimer_set(struct task *t, u64 value_ns, u64 interval_ns)
{
	struct itimer *i = &t->itimer;

	list_remove(&i->link);
	i->interval_ns = interval_ns;
	if (!value_ns)
		return;
	i->deadline = clock_ns() + value_ns;
	list_push_back(&itimers, &i->link);
	thread_alarms = serve;
	thread_arm(i->deadline);
}

u64 itimer_left(const struct task *t)
{
	u64 now = clock_ns();

	if (list_empty(&t->itimer.link))
		return 0;
	return t->itimer.deadline > now ? t->itimer.deadline - now : 1;
}
