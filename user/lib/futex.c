/*
 * futex.c - a lock that needs the kernel only when a task must wait.
 *
 * A task that finds the lock free takes it with one atomic instruction. Another one stores a 2, so that the holder knows that
 * it must wake a waiter, and sleeps as long as the word is 2.
 *
 * Source: U. Drepper, "Futexes Are Tricky", "Mutex, Take 2".
 */
#include <futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1 };

int futex_wait(volatile int *word, int expected, const struct timespec *timeout)
{
	return syscall(SYS_futex, word, FUTEX_WAIT, expected, timeout);
}

int futex_wake(volatile int *word, int most)
{
	return syscall(SYS_futex, word, FUTEX_WAKE, most);
}

void mutex_lock(struct mutex *mutex)
{
	int seen = 0;

	if (__atomic_compare_exchange_n(&mutex->state, &seen, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&mutex->state, 2, __ATOMIC_ACQUIRE) != 0)
		futex_wait(&mutex->state, 2, NULL);
}

void mutex_unlock(struct mutex *mutex)
{
	if (__atomic_exchange_n(&mutex->state, 0, __ATOMIC_RELEASE) == 2)
		futex_wake(&mutex->state, 1);
}
