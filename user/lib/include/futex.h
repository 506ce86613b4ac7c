/*
 * futex.h: sleeping on a word of memory that tasks may share, and a lock made of it. (Linux's call; the lock is ours.)
 */
#ifndef FUTEX_H
#define FUTEX_H

#include <time.h>

/* Sleeps while *word == expected; timeout is relative, NULL for ever. 0 when woken, -1 with EAGAIN, ETIMEDOUT, EINTR. */
int futex_wait(volatile int *word, int expected, const struct timespec *timeout);

/* Wakes at most so many sleepers. => how many */
int futex_wake(volatile int *word, int most);

/* All zero: free. Works between tasks when it is in shared memory. */
struct mutex {
	volatile int state;	/* 0 free, 1 held, 2 held and a task may sleep */
};

void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

#endif
