/*
 * Wait queues: how a thread sleeps until a condition holds.
 *
 * The kernel runs with interrupts off and is not preemptible, so nothing changes between testing a condition and
 * wait_on(). A woken thread must test its condition again: another thread may have run first.
 */
#pragma once

#include "kernel/base/list.h"

struct waitq {
	struct list sleepers; /* threads, the one that has waited longest first */
	struct list watches;  /* of threads that sleep on a queue of their own: struct watch */
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
 * => false: the thread was killed (thread_kill()); it must release everything that it holds and return to its trap
 */
bool wait_on_killable(struct waitq *q) MUST_CHECK;

enum wait_result { WAIT_WOKEN, WAIT_TIMEOUT, WAIT_INTERRUPTED };

/*
 * Sleeps until woken, until DEADLINE (on the scale of clock_ns(); WAIT_FOREVER: none), or until the thread is killed or
 * has a signal to take. The caller must hold nothing that other threads wait for. After WAIT_INTERRUPTED it must return
 * to its trap: until then every such sleep ends at once.
 */
#define WAIT_FOREVER (~0ull)
enum wait_result wait_on_until(struct waitq *q, u64 deadline);

/* As wait_on_until(), but only thread_kill() interrupts it, not a signal. */
enum wait_result wait_on_until_killed(struct waitq *q, u64 deadline);

/* Wakes the sleeper that has waited longest, and the threads with a watch on Q. */
void wake_one_of(struct waitq *q);
static inline void wake_one(struct waitq *q)
{
	if (!list_empty(&q->sleepers) || !list_empty(&q->watches))
		wake_one_of(q);
}

/* Wakes all sleepers, and the threads with a watch on Q. */
void wake_all(struct waitq *q);

/*
 * Waiting for one of several conditions: the thread has a watch on the queue of each and sleeps on a queue of its own.
 * Testing all conditions, watch_begin(), the sleep and watch_end() must follow each other without another sleep in
 * between, so that no wakeup is missed. The watched queues must not be freed meanwhile.
 */
struct watch {
	struct list link;
	struct thread *thread;
};

/* Puts W, a watch of the current thread that is in no list, on Q; Q NULL: only initialises it. */
void watch_begin(struct watch *w, struct waitq *q);
void watch_end(struct watch *w);
