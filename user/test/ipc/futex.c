/*
 * futex - tasks sleep on a word that they share: at whatever address it is mapped, in memory or swapped out; a lock built
 * on it loses no update.
 */
#include "check.h"

#include <futex.h>
#include <sched.h>

enum { TASKS = 4, ROUNDS = 300 };

struct shared {
	volatile int word;
	struct mutex mutex;
	volatile long counter;
};

static struct shared *s;

static struct shared *map_name(void)
{
	int fd = shm_open("/futex-test", O_RDWR | O_CREAT, 0600);
	void *p;

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, PAGE), 0);
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	close(fd);
	return p;
}

static void test_refused(void)
{
	struct timespec bad = { 0, 1000000000 }, negative = { -1, 0 }, soon = { 0, 1000000 };
	int word = 5;

	CHECK_ERROR(futex_wait(&word, 4, NULL), EAGAIN);
	CHECK_ERROR(futex_wait(&word, 5, &soon), ETIMEDOUT);
	CHECK_ERROR(futex_wait(&word, 5, &bad), EINVAL);
	CHECK_ERROR(futex_wait(&word, 5, &negative), EINVAL);
	CHECK_ERROR(futex_wait((int *)((char *)&word + 1), 5, &soon), EINVAL);
	CHECK_ERROR(futex_wait((int *)8, 5, &soon), EFAULT);
	CHECK_ERROR(futex_wait(&word, 5, (struct timespec *)8), EFAULT);
	CHECK_ERROR(syscall(240, &word, 99, 0, 0), ENOSYS);
	CHECK_EQ(futex_wake(&word, 10), 0);
	CHECK_ERROR(syscall(240, 8, 1, 1, 0), EFAULT);
	CHECK_EQ(syscall(240, 8, 1 | 128, 1, 0), 0);
	CHECK_ERROR(syscall(240, 9, 1 | 128, 1, 0), EINVAL);
}

/* Maps the page at another address, and only there. */
static void wake_through_name(void *argument)
{
	struct shared *other = map_name();
	int woken = 0;

	(void)argument;
	munmap(s, PAGE);
	other->word = 1;
	while (!woken) {
		woken = futex_wake(&other->word, 1);
		sched_yield();
	}
}

static void test_two_addresses(void)
{
	pid_t child = fork();

	if (child == 0) {
		wake_through_name(NULL);
		_exit(0);
	}
	if (futex_wait(&s->word, 0, NULL) < 0) {
		CHECK_EQ(errno, EAGAIN);	/* the child was first; it continues until a task is woken */
		CHECK_EQ(futex_wait(&s->word, 1, NULL), 0);
	}
	CHECK_EQ(check_wait(child), 0);
	CHECK_EQ(s->word, 1);
}

/* Private memory is not shared after a fork: no task of the other side is woken. */
static void test_private(void)
{
	static volatile int word;
	struct timespec soon = { 0, 50000000 };
	pid_t child = fork();

	if (child == 0) {
		for (int i = 0; i < 100; i++) {
			CHECK_EQ(futex_wake(&word, 1), 0);
			sched_yield();
		}
		_exit(0);
	}
	CHECK_ERROR(futex_wait(&word, 0, &soon), ETIMEDOUT);
	CHECK_EQ(check_wait(child), 0);
}

static void add(void *argument)
{
	(void)argument;
	for (int i = 0; i < ROUNDS; i++) {
		long value;

		mutex_lock(&s->mutex);
		value = s->counter;
		sched_yield();
		s->counter = value + 1;
		mutex_unlock(&s->mutex);
	}
}

static void test_mutex(void)
{
	for (int i = 0; i < TASKS; i++) {
		if (fork() == 0) {
			add(NULL);
			_exit(0);
		}
	}
	for (int i = 0; i < TASKS; i++) {
		int status;

		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	CHECK_EQ(s->counter, TASKS * ROUNDS);
	CHECK_EQ(s->mutex.state, 0);
}

/* A sleeper can be killed; its wait leaves nothing behind. */
static void test_killed(void)
{
	pid_t child;

	s->word = 7;
	child = fork();
	if (child == 0) {
		futex_wait(&s->word, 7, NULL);
		_exit(0);
	}
	for (int i = 0; i < 50; i++)
		sched_yield();
	CHECK_EQ(kill(child, SIGKILL), 0);
	CHECK_EQ(check_wait(child), SIGKILL);
	CHECK_EQ(futex_wake(&s->word, 10), 0);
}

int main(void)
{
	shm_unlink("/futex-test");
	s = map_name();
	test_refused();
	test_two_addresses();
	test_private();
	test_mutex();
	test_killed();
	CHECK_EQ(shm_unlink("/futex-test"), 0);
	return CHECK_OK();
}
