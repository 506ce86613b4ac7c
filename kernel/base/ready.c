/*
 * The choice of the next thread: the highest priority first, round robin among threads of equal priority.
 *
 * While ordinary threads are ready, real-time threads together get at most 950 ms of each second, as on Linux, so that
 * a real-time thread that never sleeps can still be killed. When that share is used up, real-time threads rank below
 * the ordinary ones until the next second begins; they still run if nothing else is ready.
 */
#include "kernel/base/ready.h"

#include "kernel/base/clock.h"

#define PERIOD_NS 1000000000ull
#define REALTIME_NS 950000000ull
#define RANK_EXHAUSTED (-1) /* of a real-time thread whose share is used up: below THREAD_ORDINARY */

struct list ready_threads = LIST_INIT(ready_threads);
static u64 period_end;    /* of the second in which real_time_ns is counted */
static u64 real_time_ns;  /* how long real-time threads have run in it */
static u64 charged_until; /* clock_ns() up to which real_time_ns is counted */

/* => the time from which on T, the running thread, which is a real-time thread, has not been charged yet */
static u64 uncharged_since(const struct thread *t)
{
	return MAX(charged_until, t->run_since);
}

static void charge(const struct thread *current, u64 now)
{
	if (ready_is_real_time(current))
		real_time_ns += now - uncharged_since(current);
	charged_until = now;
	if (now < period_end)
		return;
	period_end = now + PERIOD_NS;
	real_time_ns = 0;
}

static int rank(const struct thread *t)
{
	return ready_is_real_time(t) && real_time_ns >= REALTIME_NS ? RANK_EXHAUSTED : t->priority;
}

static struct thread *first(void)
{
	return list_empty(&ready_threads) ? NULL : list_first(&ready_threads, struct thread, link);
}

/* => the thread that should run next, still in the queue; NULL: none is ready */
static struct thread *best(void)
{
	struct thread *t;

	list_for_each(t, &ready_threads, link)
		if (rank(t) != RANK_EXHAUSTED)
			return t;
	return first();
}

void ready_add_by_priority(struct thread *t, bool before_equals)
{
	struct thread *other;

	list_for_each(other, &ready_threads, link)
		if (other->priority < t->priority + before_equals)
			break;
	list_insert_after(other->link.prev, &t->link);
}

static struct thread *take_ranked(const struct thread *current)
{
	struct thread *t;

	charge(current, clock_ns());
	t = best();
	if (t)
		list_remove(&t->link);
	return t;
}

struct thread *ready_take(const struct thread *current)
{
	struct list *link;

	if (real_time_ns || ready_is_real_time(current))
		return take_ranked(current);
	link = list_pop_front(&ready_threads); /* nothing is to be charged, and the clock is slow to read */
	return link ? list_entry(link, struct thread, link) : NULL;
}

bool ready_is_better(const struct thread *current, bool slice_over, u64 now)
{
	const struct thread *t;

	charge(current, now);
	t = best();
	return t && (rank(t) > rank(current) || (rank(t) == rank(current) && slice_over));
}

u64 ready_end_of_share(const struct thread *current)
{
	return real_time_ns < REALTIME_NS ? uncharged_since(current) + REALTIME_NS - real_time_ns : period_end;
}
