/*
 * time - clocks go forward, sleeping takes as long as asked, and others run meanwhile.
 */
#include "check.h"

#include <sched.h>
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

/* Two tasks that never give the processor away: both get some of it. */
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

/* Who sleeps costs others nothing: ten that sleep take as long as one. */
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

int main(void)
{
	sleeping();
	forward();
	preemption();
	together();
	CHECK_EQ(sched_yield(), 0);
	return CHECK_OK();
}
