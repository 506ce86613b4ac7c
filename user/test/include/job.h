/*
 * job.h - what tests of stopped tasks share: children in process groups of their own, and waits for their states.
 */
#ifndef USER_TEST_JOB_H
#define USER_TEST_JOB_H

#include "task.h"

#include <sys/syscall.h>
#include <time.h>

enum { JOB_EXITED = 4, JOB_NOWAIT = 0x01000000 };	/* waitid's own options */
enum { JOB_ALL, JOB_PID, JOB_GROUP };

static inline void job_nap(int ms)
{
	nanosleep(&(struct timespec){ 0, ms * 1000000l }, NULL);
}

/* Waits until the task is in STATE: S, T, Z. */
static inline void job_until(pid_t pid, char state)
{
	while (task_state(pid) != state)
		job_nap(1);
}

/* The body of a child that others stop and kill. */
static inline void job_sleep(void *unused)
{
	(void)unused;
	for (;;)
		pause();
}

/* Starts a child that runs f(argument) in a group of its own. The group is no orphan, so all stop signals have an effect. */
static inline pid_t job_start(void (*f)(void *), void *argument)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		setpgid(0, 0);
		f(argument);
		_exit(0);
	}
	setpgid(pid, pid);
	return pid;
}

/* => the wait status of the child, waited for with OPTIONS */
static inline int job_wait(pid_t pid, int options)
{
	int status = -1;

	CHECK_EQ(waitpid(pid, &status, options), pid);
	return status;
}

/* The next status of the child is that SIGNAL has stopped it. */
#define JOB_CHECK_STOPPED(pid, signal) CHECK_EQ(job_wait(pid, WUNTRACED), (signal) << 8 | 0x7f)

/* Continued, the next status of the child is its end. */
#define JOB_CHECK_END(pid, status) \
	do { \
		CHECK_EQ(kill(pid, SIGCONT), 0); \
		CHECK_EQ(job_wait(pid, 0), status); \
	} while (0)

static inline void job_stop(pid_t pid, int signal)
{
	CHECK_EQ(kill(pid, signal), 0);
	JOB_CHECK_STOPPED(pid, signal);
}

static inline void job_continue(pid_t pid)
{
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(job_wait(pid, WCONTINUED), 0xffff);
}

static inline void job_kill(pid_t pid)
{
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(job_wait(pid, 0), SIGKILL);
}

static inline long job_waitid(int kind, pid_t number, siginfo_t *info, int options)
{
	memset(info, 0x55, sizeof(*info));
	return syscall(SYS_waitid, kind, number, info, options, NULL);
}

static inline long long job_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

#endif
