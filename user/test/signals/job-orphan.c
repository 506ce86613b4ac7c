/*
 * job-orphan - a group of which nobody outside is a parent, in its session: what a terminal sends does not stop it; and one
 * that comes to be so while it is stopped is told (SIGHUP) and goes on.
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

/* In a session of its own there is nobody. */
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
		raise(SIGTSTP);			/* its parent is of its own group */
		raise(SIGSTOP);			/* but this always stops */
		_exit(4);
	}
	JOB_CHECK_STOPPED(pid, SIGSTOP);
	JOB_CHECK_END(pid, 4 << 8);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		raise(SIGTSTP);			/* its parent is of another group */
		_exit(4);
	}
	JOB_CHECK_STOPPED(pid, SIGTSTP);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(job_wait(pid, 0), SIGKILL);
	_exit(0);
}

/* The parent of a stopped group ends: it is told, and runs. */
static void leave_stopped(void *handled)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		if (handled)
			signal(SIGHUP, hang_up);
		raise(SIGSTOP);
		CHECK_EQ(write(fd[1], "c", 1), 1);
		raise(SIGTSTP);			/* an orphan now: that means nothing */
		CHECK_EQ(write(fd[1], "d", 1), 1);
		_exit(0);
	}
	JOB_CHECK_STOPPED(pid, SIGSTOP);
	if (!handled) {
		pid_t other = fork();		/* the end of which is seen when the pipe's last writer is gone */

		if (other == 0) {
			setpgid(0, pid);
			close(fd[0]);
			pause();
		}
		setpgid(other, pid);
	}
	_exit(0);
}

/* So it does when the last of its own members ends that had a parent outside. */
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

/* A group that is stopped but has somebody left is left alone. */
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

	/* Without a handler SIGHUP ends all of them. */
	CHECK_EQ(job_wait(job_start(leave_stopped, NULL), 0), 0);
	close(fd[1]);
	CHECK_EQ(read(fd[0], &byte, 1), 0);
	return CHECK_OK();
}
