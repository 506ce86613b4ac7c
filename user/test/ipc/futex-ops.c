/*
 * futex-ops - waiters with bits, absolute timeouts, requeueing to another word, and FUTEX_WAKE_OP.
 */
#include "task.h"

#include <sys/syscall.h>
#include <time.h>

enum { FUTEX = 240, FUTEX64 = 422, GETTIME = 265 };
enum { WAIT = 0, WAKE = 1, REQUEUE = 3, CMP_REQUEUE = 4, WAKE_OP = 5, WAIT_BITS = 9, WAKE_BITS = 10, ALONE = 128, REALTIME = 256 };
enum { SET, ADD, OR, ANDN, XOR, SHIFTED = 8 };
enum { EQ, NE, LT, LE, GT, GE };
enum { WAITERS = 4 };

struct shared {
	int first, second;
	volatile int ready[WAITERS], woken[WAITERS];
};

static struct shared *s;
static pid_t waiters[WAITERS];

static long wake(int *word, int most)
{
	return syscall(FUTEX, word, WAKE, most, NULL, NULL, 0);
}

/* N children sleep at WORD, one after the other; the i-th has the bit 1 << i. */
static void begin_waiters(int *word, int n)
{
	for (int i = 0; i < n; i++) {
		s->ready[i] = s->woken[i] = 0;
		waiters[i] = fork();
		CHECK(waiters[i] >= 0);
		if (waiters[i]) {
			task_until_asleep(waiters[i], &s->ready[i]);
			continue;
		}
		s->ready[i] = 1;
		if (syscall(FUTEX, word, WAIT_BITS, *word, NULL, NULL, 1 << i))
			_exit(errno);
		s->woken[i] = 1;
		_exit(0);
	}
}

/* The i-th ends with status 0. */
static void end_waiter(int i)
{
	CHECK_EQ(check_wait(waiters[i]), 0);
	CHECK_EQ(s->woken[i], 1);
}

static void test_bits(void)
{
	begin_waiters(&s->first, 4);
	CHECK_EQ(syscall(FUTEX, &s->first, WAKE_BITS, 10, NULL, NULL, 0xF0), 0);
	CHECK_EQ(syscall(FUTEX, &s->first, WAKE_BITS, 10, NULL, NULL, 0xA), 2);
	end_waiter(1);
	end_waiter(3);
	CHECK_EQ(s->woken[0] + s->woken[2], 0);
	CHECK_EQ(wake(&s->first, 10), 2);
	end_waiter(0);
	end_waiter(2);
	CHECK_ERROR(syscall(FUTEX, &s->first, WAKE_BITS, 1, NULL, NULL, 0), EINVAL);
	CHECK_ERROR(syscall(FUTEX, &s->first, WAIT_BITS, s->first, NULL, NULL, 0), EINVAL);
}

static void test_requeue(void)
{
	s->first = 5;
	CHECK_ERROR(syscall(FUTEX, &s->first, CMP_REQUEUE, 1, 1, &s->second, 4), EAGAIN);
	CHECK_ERROR(syscall(FUTEX, &s->first, CMP_REQUEUE, -1, 1, &s->second, 5), EINVAL);
	CHECK_ERROR(syscall(FUTEX, &s->first, REQUEUE, 1, -1, &s->second, 0), EINVAL);
	CHECK_ERROR(syscall(FUTEX, &s->first, REQUEUE, 1, 1, (char *)&s->second + 2, 0), EINVAL);
	CHECK_EQ(syscall(FUTEX, &s->first, CMP_REQUEUE, 1, 1, &s->second, 5), 0);
	begin_waiters(&s->first, 4);
	CHECK_EQ(syscall(FUTEX, &s->first, CMP_REQUEUE, 1, 2, &s->second, 5), 3);
	end_waiter(0);
	CHECK_EQ(s->woken[1] + s->woken[2] + s->woken[3], 0);
	CHECK_EQ(wake(&s->first, 10), 1);
	end_waiter(3);
	CHECK_EQ(wake(&s->first, 10), 0);
	CHECK_EQ(syscall(FUTEX, &s->second, REQUEUE, 0, 10, &s->second, 0), 2);
	CHECK_EQ(wake(&s->second, 10), 2);
	end_waiter(1);
	end_waiter(2);
	s->first = 0;
}

static unsigned int code(unsigned int op, int operand, unsigned int compare, int with)
{
	return op << 28 | compare << 24 | (operand & 0xFFF) << 12 | (with & 0xFFF);
}

/* The new value of the second word; there are no waiters. */
static int changed(int from, unsigned int op, int operand)
{
	s->second = from;
	CHECK_EQ(syscall(FUTEX, &s->first, WAKE_OP, 1, 1, &s->second, code(op, operand, EQ, 0)), 0);
	return s->second;
}

/* => is a waiter at the second word, which holds VALUE, woken? */
static long compared(int value, unsigned int compare, int with)
{
	long n;

	s->second = value;
	begin_waiters(&s->second, 1);
	n = syscall(FUTEX, &s->first, WAKE_OP, 1, 1, &s->second, code(ADD, 0, compare, with));
	if (n == 0)
		CHECK_EQ(wake(&s->second, 1), 1);
	end_waiter(0);
	return n;
}

static void test_change(void)
{
	CHECK_EQ(changed(7, SET, -2048), -2048);
	CHECK_EQ(changed(7, ADD, -8), -1);
	CHECK_EQ(changed(8, OR, 3), 11);
	CHECK_EQ(changed(15, ANDN, 5), 10);
	CHECK_EQ(changed(15, XOR, -1), ~15);
	CHECK_EQ(changed(1, SHIFTED | OR, 31), (int)0x80000001);
	CHECK_EQ(changed(1, SHIFTED | SET, 33), 2);
	s->second = 1;
	CHECK_ERROR(syscall(FUTEX, &s->first, WAKE_OP, 1, 1, &s->second, code(5, 1, EQ, 0)), ENOSYS);
	CHECK_EQ(s->second, 1);
	CHECK_ERROR(syscall(FUTEX, &s->first, WAKE_OP, 1, 1, &s->second, code(ADD, 1, 6, 0)), ENOSYS);
	CHECK_EQ(s->second, 2); /* done before the comparison is decoded */
	CHECK_ERROR(syscall(FUTEX, &s->first, WAKE_OP, 1, 1, (char *)&s->second + 1, 0), EINVAL);
	CHECK_ERROR(syscall(FUTEX, &s->first, WAKE_OP, 1, 1, 8, 0), EFAULT);
	CHECK_EQ(compared(-1, EQ, -1) * 100 + compared(1, NE, 1) * 10 + compared(-5, LT, -4), 101);
	CHECK_EQ(compared(4, LE, 4) * 100 + compared(4, GT, 4) * 10 + compared(4, GE, 4), 101);
	s->second = 0;
	begin_waiters(&s->first, 2);
	CHECK_EQ(syscall(FUTEX, &s->first, WAKE_OP, 1, 1, &s->second, code(SET, 1, GT, 0)), 1);
	end_waiter(0);
	CHECK_EQ(wake(&s->first, 10), 1);
	end_waiter(1);
	/* The word lies in a page that this task shares with its parent copy-on-write. */
	CHECK_EQ(syscall(FUTEX, &s->first, WAKE_OP, 1, 1, waiters, code(SET, 9, EQ, 0)), 0);
	CHECK_EQ(waiters[0], 9);
}

/* An absolute time, of either clock, that has passed or comes soon. */
static void test_times(void)
{
	struct timespec t, bad = { 0, 1000000000 };
	long long wide[2];

	for (int clock = 0; clock <= 1; clock++) {
		int wait = WAIT_BITS | (clock ? 0 : REALTIME);

		CHECK_EQ(syscall(GETTIME, clock, &t), 0);
		CHECK_ERROR(syscall(FUTEX, &s->first, wait, s->first, &t, NULL, -1), ETIMEDOUT);
		wide[0] = t.tv_sec;
		wide[1] = t.tv_nsec;
		CHECK_ERROR(syscall(FUTEX64, &s->first, wait, s->first, wide, NULL, -1), ETIMEDOUT);
		t.tv_sec++;
		CHECK_ERROR(syscall(FUTEX, &s->first, wait | ALONE, s->first, &t, NULL, -1), ETIMEDOUT);
		CHECK_EQ(syscall(GETTIME, clock, &bad), 0);
		CHECK(bad.tv_sec > t.tv_sec || (bad.tv_sec == t.tv_sec && bad.tv_nsec >= t.tv_nsec));
	}
	bad = (struct timespec){ 0, 1000000000 };
	CHECK_ERROR(syscall(FUTEX, &s->first, WAIT_BITS, s->first, &bad, NULL, -1), EINVAL);
	CHECK_ERROR(syscall(FUTEX, &s->first, WAIT | REALTIME, s->first, &t, NULL, 0), ENOSYS);
	CHECK_ERROR(syscall(FUTEX, &s->first, WAKE | REALTIME, 1, NULL, NULL, 0), ENOSYS);
	wide[0] = 0;
	wide[1] = 1000;
	CHECK_ERROR(syscall(FUTEX64, &s->first, WAIT, s->first, wide, NULL, 0), ETIMEDOUT);
	CHECK_ERROR(syscall(FUTEX64, &s->first, WAIT, s->first + 1, wide, NULL, 0), EAGAIN);
}

int main(void)
{
	s = (struct shared *)check_shared(1);
	test_bits();
	test_requeue();
	test_change();
	test_times();
	return CHECK_OK();
}
