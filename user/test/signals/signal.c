/*
 * signal - kill, ignored signals, and those that cannot be ignored.
 */
#include "check.h"

#include <sched.h>
#include <time.h>

static void die_by(void *signal)
{
	CHECK_EQ(kill(getpid(), (int)signal), 0);
}

static void ignore_and_die_by(void *number)
{
	CHECK(signal((int)number, SIG_IGN) != SIG_ERR);
	die_by(number);
}

static void ignore_default_and_die_by(void *number)
{
	CHECK(signal((int)number, SIG_IGN) == SIG_DFL);
	CHECK(signal((int)number, SIG_DFL) == SIG_IGN);
	die_by(number);
}

/* The signal of a fault cannot be ignored. */
static void ignore_and_fault(void *unused)
{
	(void)unused;
	signal(SIGSEGV, SIG_IGN);
	check_store(NULL);
}

/* Runs for ever without a call: only an interrupt can deliver the signal that ends it. */
static void endless_loop(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			__asm__ volatile("");
	nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
	CHECK_EQ(kill(pid, SIGTERM), 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(WTERMSIG(status), SIGTERM);
}

/* A task that waits in read() of an empty pipe can be killed. */
static void blocked(void)
{
	int fd[2], status;
	pid_t pid;
	char byte;

	CHECK_EQ(pipe(fd), 0);
	pid = fork();
	if (pid == 0)
		_exit(read(fd[0], &byte, 1));
	for (int i = 0; i < 10; i++)
		sched_yield();
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(WTERMSIG(status), SIGKILL);
	close(fd[0]);
	close(fd[1]);
}

/* The first program ignores every signal without a handler; this program is its child, or is it. */
static void first_program(void)
{
	sigset_t set, before;

	CHECK_EQ(kill(1, SIGKILL), 0);
	CHECK_EQ(kill(1, SIGSTOP), 0);
	if (getpid() != 1)
		return;
	raise(SIGTERM);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &before);
	raise(SIGTERM);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int main(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	CHECK_SIGNAL(die_by, (void *)SIGTERM, SIGTERM);
	CHECK_SIGNAL(die_by, (void *)SIGKILL, SIGKILL);
	CHECK_SIGNAL(die_by, (void *)SIGCHLD, 0);
	CHECK_SIGNAL(ignore_and_die_by, (void *)SIGTERM, 0);
	CHECK_SIGNAL(ignore_and_die_by, (void *)SIGINT, 0);
	CHECK_SIGNAL(ignore_default_and_die_by, (void *)SIGINT, SIGINT);
	CHECK_SIGNAL(ignore_and_fault, NULL, SIGSEGV);
	CHECK_ERROR(sigaction(SIGKILL, &ignore, NULL), EINVAL);
	CHECK_ERROR(sigaction(0, &ignore, NULL), EINVAL);
	CHECK_ERROR(sigaction(65, &ignore, NULL), EINVAL);
	CHECK_ERROR(kill(getpid(), 65), EINVAL);
	CHECK_ERROR(kill(99999999, SIGTERM), ESRCH);
	CHECK_EQ(kill(getpid(), 0), 0);
	first_program();
	endless_loop();
	blocked();
	return CHECK_OK();
}
