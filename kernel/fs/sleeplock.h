/*
 * A lock that may be held over a sleep. Never taken by a fault, by reclaim or by a completion: who
 * holds one may wait for memory. Waiting for it ends when the task is killed, so that memory can
 * always be had from a waiter.
 */
#pragma once

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/wait.h"

struct sleeplock {
	bool held;
	struct waitq waiters;
};

static inline void sleeplock_init(struct sleeplock *l)
{
	l->held = false;
	waitq_init(&l->waiters);
}

/* => 0, or -EINTR: the task is to die, and does not hold it */
static inline int sleeplock_take(struct sleeplock *l)
{
	while (l->held) {
		if (wait_on_killable(&l->waiters))
			continue;
		if (!l->held)
			wake_one(&l->waiters); /* it may be this one that was to have it */
		return -EINTR;
	}
	l->held = true;
	return 0;
}

static inline void sleeplock_release(struct sleeplock *l)
{
	ASSERT(l->held);
	l->held = false;
	wake_one(&l->waiters);
}
