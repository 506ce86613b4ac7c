/*
 * Wait queues: how a thread sleeps until something has happened.
 *
 * The kernel runs with interrupts off and is not preemptible, so that between looking at a condition and wait_on()
 * nothing can change. Whoever is woken looks at its condition again: another thread may have run first.
 */
#pragma once

#include "kernel/base/list.h"

struct waitq {
	struct list sleepers; /* threads in the order in which they came */
	struct list watches;  /* of threads that sleep elsewhere: struct watch */
};

#define WAITQ_INIT(name) { LIST_INIT((name).sleepers), LIST_INIT((name).watches) }

static inline void waitq_init(struct waitq *q)
{
	list_init(&q->sleepers);
	list_init(&q->watches);
}

/* Sleeps until woken. */
void wait_on(struct waitq *q);

/*
 * Sleeps until woken or killed.
 * => false: the thread is to die (thread_kill()); it must let go of what it holds and return to its trap
 */
bool wait_on_killable(struct waitq *q) MUST_CHECK;

enum wait_result { WAIT_WOKEN, WAIT_TIMEOUT, WAIT_INTERRUPTED };

/*
 * Sleeps until woken, until the clock shows DEADLINE (clock_ns(); WAIT_FOREVER: never), or until the thread is
 * killed or has a signal to take. Who sleeps so must hold nothing that others wait for, and go back to its trap when it
 * is interrupted: it would not sleep again before.
 */
#define WAIT_FOREVER (~0ull)
enum wait_result wait_on_until(struct waitq *q, u64 deadline);

/* As wait_on_until(), but only death interrupts it. */
enum wait_result wait_on_until_killed(struct waitq *q, u64 deadline);

void wake_one(struct waitq *q); /* the one that has waited longest */
void wake_all(struct waitq *q); /* those who only watch it too */

/*
 * To wait for one of several things: a thread has a watch on the queue of each and sleeps in one of its own. Looking at
 * them all, watch_begin(), the sleep and watch_end() follow each other without another sleep, so that nothing is missed.
 * The queue stays where it is meanwhile. wake_one() is for queues that nobody watches.
 */
struct watch {
	struct list link;
	struct thread *thread;
};

/* The current thread's W, which is in no list, looks at Q (NULL: at nothing). */
void watch_begin(struct watch *w, struct waitq *q);
void watch_end(struct watch *w);
