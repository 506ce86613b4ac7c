/*
 * job-tty - background tasks that use the terminal: read from it, change it, set its foreground group. Needs a terminal and
 * a person who types what it asks for; without them it does nothing.
 */
#include "job.h"

#include <termios.h>

enum { TOSTOP = 0400 };

static int done[2];		/* a child has done its work */

static void give(pid_t group)
{
	CHECK_EQ(tcsetpgrp(STDIN_FILENO, group), 0);
}

static void say_done(void)
{
	CHECK_EQ(write(done[1], "d", 1), 1);
}

static void wait_done(void)
{
	char byte;

	CHECK_EQ(read(done[0], &byte, 1), 1);
}

/* A child tries in the background what is reserved for the foreground, and is stopped; in the foreground it succeeds. */
static void needs_terminal(void (*what)(void *), int stop)
{
	pid_t pid;

	signal(SIGTTOU, SIG_DFL);
	pid = job_start(what, NULL);
	signal(SIGTTOU, SIG_IGN);
	JOB_CHECK_STOPPED(pid, stop);
	CHECK_EQ(kill(pid, SIGCONT), 0);
	JOB_CHECK_STOPPED(pid, stop);	/* nothing has changed */
	give(pid);
	CHECK_EQ(kill(-pid, SIGCONT), 0);
	CHECK_EQ(job_wait(pid, 0), 0);
	give(getpgrp());
}

static void read_line(void *unused)
{
	char line[20];

	(void)unused;
	dprintf(STDOUT_FILENO, "type x and Enter\n");
	CHECK_EQ(read(STDIN_FILENO, line, sizeof(line)), 2);
	CHECK_EQ(line[0], 'x');
}

static void take_it(void *unused)
{
	(void)unused;
	give(getpgrp());
}

static void change_it(void *unused)
{
	struct termios mode;

	(void)unused;
	CHECK_EQ(tcgetattr(STDIN_FILENO, &mode), 0);
	CHECK_EQ(tcsetattr(STDIN_FILENO, TCSANOW, &mode), 0);
}

static void write_on_it(void *unused)
{
	(void)unused;
	CHECK_EQ(write(STDOUT_FILENO, "written\n", 8), 8);
}

static void read_refused(void)
{
	char byte;

	CHECK_ERROR(read(STDIN_FILENO, &byte, 1), EIO);
}

/* A task that ignores or blocks the stop cannot read, but may do the rest. */
static void cannot_be_stopped(void *blocked)
{
	sigset_t set = { { 0 } };

	sigaddset(&set, SIGTTIN);
	sigaddset(&set, SIGTTOU);
	if (blocked)
		CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	else
		signal(SIGTTIN, SIG_IGN);
	if (!blocked)
		signal(SIGTTOU, SIG_IGN);
	read_refused();
	change_it(NULL);
	take_it(NULL);
}

/* An orphaned group would never be continued. */
static void leave_orphan(void *unused)
{
	pid_t parent = getpid();

	(void)unused;
	if (fork() > 0)
		return;
	setpgid(0, 0);
	while (getppid() == parent)
		job_nap(1);
	signal(SIGTTOU, SIG_DFL);
	read_refused();
	CHECK_ERROR(tcsetpgrp(STDIN_FILENO, getpgrp()), ENOTTY);
	say_done();
	_exit(0);
}

static void wait_for_a_key(void *unused)
{
	(void)unused;
	give(getpgrp());
	dprintf(STDOUT_FILENO, "type Ctrl-Z\n");
	pause();
}

/* The keyboard stops the whole foreground group; a handler can catch that. */
static void keyboard(void)
{
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		signal(SIGTTOU, SIG_IGN);
		setpgid(0, 0);
		wait_for_a_key(NULL);
	}
	JOB_CHECK_STOPPED(pid, SIGTSTP);
	give(getpgrp());
	job_continue(pid);
	job_kill(pid);
}

static void refused(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		CHECK(syscall(SYS_setsid) > 0);
		say_done();
		pause();
	}
	wait_done();
	CHECK_ERROR(tcsetpgrp(STDIN_FILENO, pid), EPERM);
	CHECK_ERROR(tcsetpgrp(STDIN_FILENO, 999999), ESRCH);
	CHECK_ERROR(tcsetpgrp(STDIN_FILENO, -3), EINVAL);
	CHECK_EQ(tcgetpgrp(STDIN_FILENO), getpgrp());
	job_kill(pid);
}

static void with_tostop(void)
{
	struct termios mode;

	CHECK_EQ(tcgetattr(STDIN_FILENO, &mode), 0);
	CHECK_EQ(job_wait(job_start(write_on_it, NULL), 0), 0);
	mode.c_lflag |= TOSTOP;
	CHECK_EQ(tcsetattr(STDIN_FILENO, TCSANOW, &mode), 0);
	needs_terminal(write_on_it, SIGTTOU);
	mode.c_lflag &= ~TOSTOP;
	CHECK_EQ(tcsetattr(STDIN_FILENO, TCSANOW, &mode), 0);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc < 2 || !isatty(STDIN_FILENO))
		return CHECK_OK();
	CHECK_EQ(pipe(done), 0);
	signal(SIGTTOU, SIG_IGN);	/* this task gives the terminal away; children restore the default */
	CHECK_EQ(tcgetpgrp(STDIN_FILENO), getpgrp());
	keyboard();
	refused();
	for (long blocked = 0; blocked < 2; blocked++) {
		CHECK_EQ(job_wait(job_start(cannot_be_stopped, (void *)blocked), 0), 0);
		give(getpgrp());
	}
	CHECK_EQ(job_wait(job_start(leave_orphan, NULL), 0), 0);
	wait_done();
	needs_terminal(read_line, SIGTTIN);
	needs_terminal(take_it, SIGTTOU);
	needs_terminal(change_it, SIGTTOU);
	with_tostop();
	return CHECK_OK();
}
