/*
 * Interval timers. The timer interrupt sends their signals.
 *
 * An alarm repeats once per millisecond at most: a program that asks for a shorter interval would keep the machine busy
 * with interrupts. Timers of processor time are checked every 10 ms, as on Linux, while any is set. So an alarm may be
 * late, which setitimer(2) permits.
 *
 * RLIMIT_CPU is an alarm too: at the soft limit, and each second from then on, the task gets SIGXCPU; at the hard limit
 * it is killed.
 *
 * Sources: setitimer(2), getrlimit(2).
 */
#include "kernel/signal/itimer.h"

#include "kernel/base/clock.h"
#include "kernel/base/thread.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"

#define INTERVAL_MIN_NS 1000000u

static struct list itimers = LIST_INIT(itimers); /* the timers of all tasks that are set, in no order */

void itimer_init(struct task *t)
{
	for (u32 kind = 0; kind < ITIMERS; kind++) {
		t->itimers[kind] = (struct itimer){ .task = t, .kind = kind };
		list_init(&t->itimers[kind].link);
	}
}

static u64 time_of(const struct itimer *i)
{
	const struct thread *t = &i->task->thread;

	if (i->kind == ITIMER_REAL)
		return clock_ns();
	return i->kind == ITIMER_VIRTUAL ? thread_user_ns(t) : thread_run_ns(t);
}

/* T has used up its soft limit of processor time, which is raised by a second. => the signal to send */
static u32 limit_reached(struct task *t)
{
	struct limit *l = &t->limits[RLIMIT_CPU];

	if (thread_run_ns(&t->thread) >= (u64)l->hard * NS_PER_SEC)
		return SIGKILL;
	l->soft = MIN(l->soft + 1, l->hard);
	return SIGXCPU;
}

static void expire(struct itimer *i, u64 now)
{
	static const u32 signals[ITIMER_LIMIT] = { SIGALRM, SIGVTALRM, SIGPROF };
	u32 signal = i->kind == ITIMER_LIMIT ? limit_reached(i->task) : signals[i->kind];

	if (!i->interval_ns)
		list_remove(&i->link);
	else if (i->deadline + i->interval_ns > now + INTERVAL_MIN_NS)
		i->deadline += i->interval_ns;
	else
		i->deadline = now + MAX(i->interval_ns, INTERVAL_MIN_NS);
	signal_send(i->task, signal, (struct signal_info){ .code = SI_KERNEL });
}

/* => the time at which I, which is set, must be checked again */
static u64 next_check(const struct itimer *i, u64 now)
{
	return i->kind == ITIMER_REAL ? i->deadline : now + NS_PER_TICK;
}

/* Called by the timer interrupt. => the time of the next call */
static u64 check_all(u64 now)
{
	u64 next = WAIT_FOREVER;
	struct itimer *i, *tmp;

	list_for_each_safe(i, tmp, &itimers, link) {
		u64 time = i->kind == ITIMER_REAL ? now : time_of(i);

		if (i->deadline <= time)
			expire(i, time);
		if (!list_empty(&i->link))
			next = MIN(next, next_check(i, now));
	}
	return next;
}

void itimer_set(struct task *t, enum itimer_kind kind, u64 value_ns, u64 interval_ns)
{
	struct itimer *i = &t->itimers[kind];

	list_remove(&i->link);
	i->interval_ns = interval_ns;
	if (!value_ns)
		return;
	i->deadline = time_of(i) + value_ns;
	list_push_back(&itimers, &i->link);
	thread_alarms = check_all;
	thread_arm(next_check(i, clock_ns()));
}

void itimer_clear(struct task *t)
{
	for (u32 kind = 0; kind < ITIMERS; kind++)
		itimer_set(t, kind, 0, 0);
}

u64 itimer_left(const struct task *t, enum itimer_kind kind)
{
	const struct itimer *i = &t->itimers[kind];
	u64 now = time_of(i);

	if (list_empty(&i->link))
		return 0;
	return i->deadline > now ? i->deadline - now : 1;
}

/* A limit of 0 counts as 1 s, as on Linux. */
void itimer_watch_limit(struct task *t)
{
	u32 seconds = t->limits[RLIMIT_CPU].soft;
	u64 used = thread_run_ns(&t->thread), end = (u64)MAX(seconds, 1u) * NS_PER_SEC;

	itimer_set(t, ITIMER_LIMIT, seconds == LIMIT_NONE ? 0 : end > used ? end - used : 1, NS_PER_SEC);
}
