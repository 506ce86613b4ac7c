/*
 * time - clocks advance, sleeping takes as long as requested, and other tasks run meanwhile.
 */
#include "check.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

static long long now(void)
{
	struct timespec t;

	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	CHECK(t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void sleeping(void)
{
	static const long times[] = { 1000000, 20000000, 100000000 };

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		long long before = now();

		CHECK_EQ(nanosleep(&(struct timespec){ 0, times[i] }, NULL), 0);
		CHECK(now() - before >= times[i]);
	}
	CHECK_EQ(nanosleep(&(struct timespec){ 0, 0 }, NULL), 0);
	CHECK_ERROR(nanosleep(&(struct timespec){ 0, 1000000000 }, NULL), EINVAL);
	CHECK_ERROR(nanosleep(&(struct timespec){ 0, -1 }, NULL), EINVAL);
	CHECK_ERROR(nanosleep(&(struct timespec){ -1, 0 }, NULL), EINVAL);
	CHECK_ERROR(clock_gettime(99, &(struct timespec){ 0, 0 }), EINVAL);
}

static void forward(void)
{
	long long last = now();

	for (int i = 0; i < 10000; i++) {
		long long t = now();

		CHECK(t >= last);
		last = t;
	}
}

/* Two tasks that never sleep: both get processor time. */
static void preemption(void)
{
	volatile unsigned long *counts = (volatile unsigned long *)check_shared(1);
	long long until;
	pid_t pids[2];
	int status;

	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			for (;;)
				counts[i]++;
	}
	until = now() + 10000000000ll;
	while ((counts[0] < 100000 || counts[1] < 100000) && now() < until)
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	CHECK(counts[0] >= 100000 && counts[1] >= 100000);
	for (int i = 0; i < 2; i++) {
		CHECK_EQ(kill(pids[i], SIGKILL), 0);
		CHECK_EQ(waitpid(pids[i], &status, 0), pids[i]);
	}
}

/* Sleepers cost nothing: ten of them take as long as one. */
static void together(void)
{
	long long before = now();
	int status;

	for (int i = 0; i < 10; i++) {
		if (fork() == 0) {
			nanosleep(&(struct timespec){ 0, 200000000 }, NULL);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		CHECK_EQ(status, 0);
	CHECK(now() - before >= 200000000 && now() - before < 1500000000);
}

/* --- other clocks --------------------------------------------------------------------------------------------------- */

enum { CLOCK_SETTIME = 264, CLOCK_GETRES = 266, CLOCK_NANOSLEEP, STIME = 25, ABSOLUTE = 1 };
enum { REALTIME, MONOTONIC, PROCESS_TIME, THREAD_TIME, RAW, COARSE, BOOTTIME = 7 };

static long cpu_clock_of(pid_t pid)
{
	return ~pid << 3 | 2;
}

static void resolutions(void)
{
	static const int clocks[] = { REALTIME, MONOTONIC, PROCESS_TIME, THREAD_TIME, RAW, COARSE, BOOTTIME };
	struct timespec t;

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		CHECK_EQ(syscall(CLOCK_GETRES, clocks[i], &t), 0);
		CHECK(t.tv_sec == 0 && t.tv_nsec > 0 && t.tv_nsec <= 10000000);
		CHECK_EQ(syscall(CLOCK_GETRES, clocks[i], NULL), 0);
	}
	CHECK_ERROR(syscall(CLOCK_GETRES, 99, &t), EINVAL);
	CHECK_EQ(syscall(CLOCK_GETRES, cpu_clock_of(getpid()), &t), 0);
	CHECK_ERROR(syscall(CLOCK_GETRES, cpu_clock_of(4000000), &t), EINVAL);
}

static void sleep_by_other_clocks(void)
{
	struct timespec none = { 0, 0 }, soon = { 0, 2000000 };

	CHECK_EQ(syscall(CLOCK_NANOSLEEP, BOOTTIME, 0, &soon, NULL), 0);
	CHECK_EQ(syscall(CLOCK_NANOSLEEP, REALTIME, ABSOLUTE, &soon, NULL), 0);
	CHECK_ERROR(syscall(CLOCK_NANOSLEEP, THREAD_TIME, 0, &none, NULL), EOPNOTSUPP);
	CHECK_ERROR(syscall(CLOCK_NANOSLEEP, RAW, 0, &none, NULL), EOPNOTSUPP);
	CHECK_ERROR(syscall(CLOCK_NANOSLEEP, COARSE, 0, &none, NULL), EOPNOTSUPP);
}

static void sleep_until(void *when)
{
	CHECK_EQ(syscall(CLOCK_NANOSLEEP, REALTIME, ABSOLUTE, when, NULL), 0);
}

/* The time of day is set ahead: a task that sleeps until a later time wakes up. Only where no one else uses the clock. */
static void jump(void)
{
	struct timespec t, later;
	long long before = now();
	pid_t child;
	int status;

	CHECK_EQ(clock_gettime(REALTIME, &t), 0);
	later = (struct timespec){ t.tv_sec + 5000, 0 };
	child = fork();
	if (!child) {
		sleep_until(&later);
		_exit(7);
	}
	CHECK_EQ(nanosleep(&(struct timespec){ 0, 20000000 }, NULL), 0);
	CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
	CHECK_EQ(syscall(CLOCK_SETTIME, REALTIME, &later), 0);
	CHECK_EQ(check_wait(child), 7 << 8);
	CHECK_EQ(syscall(STIME, &t.tv_sec), 0);
	CHECK_EQ(clock_gettime(REALTIME, &later), 0);
	CHECK(later.tv_sec - t.tv_sec < 1000);
	CHECK(now() - before < 1000000000000ll);
}

static void setting(void)
{
	struct timespec t, bad = { 2000000000, 1000000000 };

	CHECK_ERROR(syscall(CLOCK_SETTIME, MONOTONIC, &bad), EINVAL);
	CHECK_ERROR(syscall(CLOCK_SETTIME, 99, &bad), EINVAL);
	CHECK_ERROR(syscall(CLOCK_SETTIME, REALTIME, &bad), EINVAL);
	CHECK_ERROR(syscall(CLOCK_SETTIME, REALTIME, &(struct timespec){ -1, 0 }), EINVAL);
	CHECK_EQ(clock_gettime(REALTIME, &t), 0);
	CHECK_EQ(syscall(CLOCK_SETTIME, REALTIME, &t), 0);
	if (check_counter("syscalls") != PROC_ABSENT)
		jump();
}

/* --- time in user mode and in the kernel ---------------------------------------------------------------------------- */

struct used {
	long long user, system; /* in us */
};

static struct used used_since(struct used start)
{
	struct rusage u;

	CHECK_EQ(getrusage(RUSAGE_SELF, &u), 0);
	return (struct used){ u.ru_utime.tv_sec * 1000000ll + u.ru_utime.tv_usec - start.user,
			      u.ru_stime.tv_sec * 1000000ll + u.ru_stime.tv_usec - start.system };
}

static void counting(void)
{
	static char block[65536];
	struct used start = used_since((struct used){ 0, 0 }), used;
	int zeros = open("/dev/zero", O_RDONLY);

	do
		for (volatile int i = 0; i < 1000000; i++)
			;
	while (used = used_since(start), used.user + used.system < 100000);
	CHECK(used.user > used.system);
	start = used_since((struct used){ 0, 0 });
	do
		for (int i = 0; i < 50; i++)
			CHECK_EQ(read(zeros, block, sizeof(block)), (long)sizeof(block));
	while (used = used_since(start), used.user + used.system < 100000);
	CHECK(used.system > used.user);
	close(zeros);
}

int main(void)
{
	resolutions();
	sleep_by_other_clocks();
	setting();
	counting();
	sleeping();
	forward();
	preemption();
	together();
	CHECK_EQ(sched_yield(), 0);
	return CHECK_OK();
}
