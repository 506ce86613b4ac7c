/*
 * sig-timer - alarms: one, repeated ones, the time left, cancelling; not inherited by fork, but kept by exec; and timers of the
 * task's own time.
 */
#include "check.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

enum { VIRTUAL = 1, PROF = 2, SIG_VIRTUAL = 26, SIG_PROF = 27 };

static volatile int calls, code;

static void count(int signal, siginfo_t *info, void *ucontext)
{
	(void)signal, (void)ucontext;
	calls++;
	code = info->si_code;
}

static void set(long interval, long value)
{
	struct itimerval timer = { { 0, interval }, { 0, value } };

	calls = 0;
	CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static long long us_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ll + now.tv_nsec / 1000;
}

static void comes(void)
{
	long long before = us_now();

	set(0, 50000);
	pause();
	CHECK_EQ(calls, 1);
	CHECK_EQ(code, SI_KERNEL);
	CHECK(us_now() - before >= 50000);
	/* Also in a program that makes no calls. */
	set(0, 30000);
	while (!calls)
		__asm__ volatile("");
	before = us_now();
	set(20000, 20000);
	while (calls < 5)
		pause();
	CHECK(us_now() - before >= 100000);
	set(0, 0);
}

static void left(void)
{
	struct itimerval timer = { { 3, 5 }, { 100, 500 } }, old;

	CHECK_EQ(setitimer(ITIMER_REAL, &timer, NULL), 0);
	CHECK_EQ(getitimer(ITIMER_REAL, &old), 0);
	CHECK_EQ(old.it_interval.tv_sec, 3);
	CHECK(old.it_interval.tv_usec >= 5 && old.it_interval.tv_usec < 10000);
	CHECK(old.it_value.tv_sec == 99 || old.it_value.tv_sec == 100);
	CHECK_EQ(alarm(10), 100);
	CHECK_EQ(alarm(0), 10);
	CHECK_EQ(alarm(0), 0);
	CHECK_EQ(getitimer(ITIMER_REAL, &old), 0);
	CHECK_EQ(old.it_value.tv_sec + old.it_value.tv_usec + old.it_interval.tv_sec, 0);
	set(0, 300000);
	CHECK_EQ(alarm(0), 1);
	nanosleep(&(struct timespec){ 0, 350000000 }, NULL);
	CHECK_EQ(calls, 0);
}

static void refused(void)
{
	struct itimerval bad = { { 0, 0 }, { 0, 1000000 } }, worse = { { -1, 0 }, { 1, 0 } };

	CHECK_ERROR(setitimer(ITIMER_REAL, &bad, NULL), EINVAL);
	CHECK_ERROR(setitimer(ITIMER_REAL, &worse, NULL), EINVAL);
	CHECK_ERROR(setitimer(17, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL), EINVAL);
	CHECK_ERROR(getitimer(17, &bad), EINVAL);
	CHECK_ERROR(setitimer(ITIMER_REAL, (void *)1, NULL), EFAULT);
	CHECK_ERROR(getitimer(ITIMER_REAL, (void *)1), EFAULT);
	CHECK_ERROR(setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, (void *)1), EFAULT);
}

static void deadly(void *unused)
{
	(void)unused;
	signal(SIGALRM, SIG_DFL);
	set(0, 10000);
	for (;;)
		pause();
}

static void not_the_child(void *unused)
{
	struct itimerval now;

	(void)unused;
	CHECK_EQ(getitimer(ITIMER_REAL, &now), 0);
	CHECK_EQ(now.it_value.tv_sec + now.it_value.tv_usec, 0);
}

static void has_none(void *kind)
{
	struct itimerval now;

	CHECK_EQ(getitimer((long)kind, &now), 0);
	CHECK_EQ(now.it_value.tv_sec + now.it_value.tv_usec, 0);
}

/* Time for which the task sleeps does not count. */
static void processor_time(long kind)
{
	struct itimerval timer = { { 0, 20000 }, { 0, 30000 } }, left, never = { { 0, 0 }, { 0, 0 } };

	calls = 0;
	CHECK_EQ(setitimer(kind, &timer, NULL), 0);
	nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
	CHECK_EQ(calls, 0);
	CHECK_EQ(getitimer(kind, &left), 0);
	CHECK(left.it_value.tv_usec > 0 && left.it_value.tv_usec <= 40000);
	CHECK_SIGNAL(has_none, (void *)kind, 0);
	while (calls < 3)
		__asm__ volatile("");
	CHECK_EQ(setitimer(kind, &never, NULL), 0);
}

static char *self;

static void becomes_another(void *unused)
{
	(void)unused;
	set(0, 50000);
	execve(self, (char *[]){ self, "again", NULL }, environ);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = count, .sa_flags = SA_SIGINFO };

	self = argv[0];
	if (argc > 1)
		for (;;)
			pause();
	CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
	CHECK_EQ(sigaction(SIG_VIRTUAL, &action, NULL), 0);
	CHECK_EQ(sigaction(SIG_PROF, &action, NULL), 0);
	comes();
	left();
	refused();
	CHECK_SIGNAL(deadly, NULL, SIGALRM);
	processor_time(VIRTUAL);
	processor_time(PROF);
	alarm(100);
	CHECK_SIGNAL(not_the_child, NULL, 0);
	CHECK_EQ(alarm(0), 100);
	CHECK_SIGNAL(becomes_another, NULL, SIGALRM);
	/* A short interval does not stop the machine. */
	set(200, 200);
	while (calls < 50)
		__asm__ volatile("");
	set(0, 0);
	return CHECK_OK();
}
