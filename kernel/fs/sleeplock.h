/*
 * A lock that may be held over a sleep. A fault, reclaim or a completion never takes one, because its holder may be
 * waiting for memory. A wait for it ends when the task is killed, so that a waiter's memory can always be freed.
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

/* => 0; -EINTR: the task is killed, and does not hold the lock */
static inline int sleeplock_take(struct sleeplock *l)
{
	while (l->held) {
		if (wait_on_killable(&l->waiters))
			continue;
		if (!l->held)
			wake_one(&l->waiters); /* the wakeup may have been meant for this task */
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
