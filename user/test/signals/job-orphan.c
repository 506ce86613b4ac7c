/*
 * job-orphan - orphaned process groups, without a parent in another group of the session: signals of the terminal do not stop
 * them; and a group that becomes orphaned while it is stopped gets SIGHUP and SIGCONT.
 */
#include "job.h"

static int fd[2];

static void hang_up(int signal)
{
	(void)signal;
	CHECK_EQ(write(fd[1], "h", 1), 1);
}

static char next(void)
{
	char byte = 0;

	CHECK_EQ(read(fd[0], &byte, 1), 1);
	return byte;
}

/* A session of its own has no parent in it. */
static void alone(void *unused)
{
	pid_t pid;

	(void)unused;
	CHECK(syscall(SYS_setsid) > 0);
	raise(SIGTSTP);
	raise(SIGTTIN);
	raise(SIGTTOU);
	pid = fork();
	if (pid == 0) {
		raise(SIGTSTP);			/* its parent is in its own group */
		raise(SIGSTOP);			/* but this always stops */
		_exit(4);
	}
	JOB_CHECK_STOPPED(pid, SIGSTOP);
	JOB_CHECK_END(pid, 4 << 8);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		raise(SIGTSTP);			/* its parent is in another group */
		_exit(4);
	}
	JOB_CHECK_STOPPED(pid, SIGTSTP);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(job_wait(pid, 0), SIGKILL);
	_exit(0);
}

/* The parent of a stopped group ends: the group gets SIGHUP, and runs. */
static void leave_stopped(void *handled)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		if (handled)
			signal(SIGHUP, hang_up);
		raise(SIGSTOP);
		CHECK_EQ(write(fd[1], "c", 1), 1);
		raise(SIGTSTP);			/* orphaned now: that has no effect */
		CHECK_EQ(write(fd[1], "d", 1), 1);
		_exit(0);
	}
	JOB_CHECK_STOPPED(pid, SIGSTOP);
	if (!handled) {
		pid_t other = fork();		/* its end shows when the last writer of the pipe is gone */

		if (other == 0) {
			setpgid(0, pid);
			close(fd[0]);
			pause();
		}
		setpgid(other, pid);
	}
	_exit(0);
}

/* The same when the last member with a parent outside ends. */
static void lead_and_leave(void *unused)
{
	pid_t pid = fork();

	(void)unused;
	if (pid == 0) {
		signal(SIGHUP, hang_up);
		raise(SIGSTOP);
		CHECK_EQ(write(fd[1], "c", 1), 1);
		_exit(0);
	}
	JOB_CHECK_STOPPED(pid, SIGSTOP);
	_exit(0);
}

/* A stopped group that still has a parent outside is not affected. */
static void stay(void *unused)
{
	(void)unused;
	raise(SIGSTOP);
	_exit(0);
}

int main(void)
{
	pid_t pid, other;
	char byte;

	CHECK_EQ(pipe(fd), 0);
	pid = fork();
	if (pid == 0)
		alone(NULL);
	CHECK_EQ(job_wait(pid, 0), 0);

	CHECK_EQ(job_wait(job_start(leave_stopped, (void *)1), 0), 0);
	CHECK_EQ(next(), 'h');
	CHECK_EQ(next(), 'c');
	CHECK_EQ(next(), 'd');
	CHECK_EQ(job_wait(job_start(lead_and_leave, NULL), 0), 0);
	CHECK_EQ(next(), 'h');
	CHECK_EQ(next(), 'c');

	pid = job_start(stay, NULL);
	JOB_CHECK_STOPPED(pid, SIGSTOP);
	other = fork();
	if (other == 0) {
		setpgid(0, pid);
		_exit(0);
	}
	CHECK_EQ(job_wait(other, 0), 0);
	CHECK_EQ(task_state(pid), 'T');
	job_kill(pid);

	/* Without a handler SIGHUP kills all of them. */
	CHECK_EQ(job_wait(job_start(leave_stopped, NULL), 0), 0);
	close(fd[1]);
	CHECK_EQ(read(fd[0], &byte, 1), 0);
	return CHECK_OK();
}
