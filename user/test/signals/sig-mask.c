/*
 * sig-mask - blocked signals stay pending, and are visible as such; ignored ones never arrive; what fork and exec inherit.
 */
#include "check.h"

#include <sys/syscall.h>
#include <time.h>

static volatile int calls;
static char *self;

static void count(int signal)
{
	(void)signal;
	calls++;
}

static sigset_t only(int signal)
{
	sigset_t set = { { 0 } };

	CHECK_EQ(sigaddset(&set, signal), 0);
	return set;
}

static void block(int how, int signal)
{
	sigset_t set = only(signal);

	CHECK_EQ(sigprocmask(how, &set, NULL), 0);
}

static bool waits(int signal)
{
	sigset_t set;

	CHECK_EQ(sigpending(&set), 0);
	return sigismember(&set, signal);
}

static void blocked(void)
{
	sigset_t set, none = { { 0 } };

	signal(SIGUSR1, count);
	block(SIG_BLOCK, SIGUSR1);
	raise(SIGUSR1);
	raise(SIGUSR1);
	CHECK_EQ(calls, 0);
	CHECK(waits(SIGUSR1) && !waits(SIGUSR2));
	block(SIG_UNBLOCK, SIGUSR1);
	CHECK_EQ(calls, 1);
	CHECK(!waits(SIGUSR1));
	sigfillset(&set);
	CHECK_EQ(sigprocmask(SIG_SETMASK, &set, NULL), 0);
	CHECK_EQ(sigprocmask(SIG_SETMASK, &none, &set), 0);
	CHECK(!sigismember(&set, SIGKILL) && !sigismember(&set, SIGSTOP) && sigismember(&set, SIGSEGV));
	CHECK(sigismember(&set, 64));
	CHECK_ERROR(sigprocmask(3, &set, NULL), EINVAL);
	CHECK_EQ(sigprocmask(3, NULL, &set), 0);
	CHECK_ERROR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, 4), EINVAL);
	CHECK_ERROR(syscall(SYS_rt_sigpending, &set, 16), EINVAL);
	CHECK_ERROR(syscall(SYS_rt_sigsuspend, &set, 4), EINVAL);
	/* Real-time signals work the same way. */
	signal(64, count);
	calls = 0;
	raise(64);
	CHECK_EQ(calls, 1);
}

static void ignored(void)
{
	block(SIG_BLOCK, SIGUSR2);
	signal(SIGUSR2, SIG_IGN);
	raise(SIGUSR2);
	CHECK(waits(SIGUSR2));			/* it may be caught by the time it is unblocked */
	signal(SIGUSR2, SIG_IGN);
	CHECK(!waits(SIGUSR2));			/* ignoring it discards it */
	raise(SIGUSR2);
	block(SIG_UNBLOCK, SIGUSR2);
	CHECK(!waits(SIGUSR2));
	block(SIG_BLOCK, SIGCHLD);
	raise(SIGCHLD);
	CHECK(waits(SIGCHLD));
	signal(SIGCHLD, SIG_DFL);
	CHECK(!waits(SIGCHLD));
	block(SIG_UNBLOCK, SIGCHLD);
}

static void deadly_when_unblocked(void *unused)
{
	(void)unused;
	signal(SIGTERM, SIG_DFL);
	block(SIG_BLOCK, SIGTERM);
	raise(SIGTERM);
	CHECK(waits(SIGTERM));
	block(SIG_UNBLOCK, SIGTERM);
	check_fail(__FILE__, __LINE__, "lived on", 0, 0);
}

/* sigsuspend replaces the mask, and restores it after the handler. */
static volatile int open_in_handler;

static void look(int signal)
{
	sigset_t now;

	(void)signal;
	sigprocmask(SIG_BLOCK, NULL, &now);
	open_in_handler = !sigismember(&now, SIGUSR2) && sigismember(&now, SIGUSR1) && sigismember(&now, SIGHUP);
	calls++;
}

static void suspended(void)
{
	sigset_t now, open = only(SIGHUP);
	pid_t pid;

	signal(SIGUSR1, look);
	block(SIG_BLOCK, SIGUSR1);
	block(SIG_BLOCK, SIGUSR2);
	raise(SIGUSR1);
	calls = 0;
	CHECK_ERROR(sigsuspend(&open), EINTR);
	CHECK_EQ(calls, 1);
	CHECK(open_in_handler);
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR1) && sigismember(&now, SIGUSR2) && !sigismember(&now, SIGHUP));
	/* An ignored one does not wake the task: the next one does. */
	signal(SIGCHLD, SIG_DFL);
	block(SIG_BLOCK, SIGCHLD);
	raise(SIGCHLD);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	calls = 0;
	CHECK_ERROR(sigsuspend(&open), EINTR);
	CHECK_EQ(calls, 1);
	CHECK(wait(NULL) > 0);
	block(SIG_UNBLOCK, SIGUSR1);
	block(SIG_UNBLOCK, SIGUSR2);
	block(SIG_UNBLOCK, SIGCHLD);
}

static void awaited(void)
{
	struct timespec no_time = { 0, 0 }, moment = { 0, 20000000 }, bad = { 0, 1000000000 };
	sigset_t set = only(SIGUSR1);
	siginfo_t info;
	pid_t pid;

	signal(SIGUSR1, count);
	block(SIG_BLOCK, SIGUSR1);
	calls = 0;
	raise(SIGUSR1);
	CHECK_EQ(sigtimedwait(&set, &info, NULL), SIGUSR1);
	CHECK_EQ(info.si_signo, SIGUSR1);
	CHECK_EQ(info.si_pid, getpid());
	CHECK(!waits(SIGUSR1));
	CHECK_ERROR(sigtimedwait(&set, NULL, &no_time), EAGAIN);
	CHECK_ERROR(sigtimedwait(&set, NULL, &moment), EAGAIN);
	CHECK_ERROR(sigtimedwait(&set, NULL, &bad), EINVAL);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		nanosleep(&moment, NULL);
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	CHECK_EQ(sigtimedwait(&set, &info, NULL), SIGUSR1);
	CHECK_EQ(info.si_pid, pid);
	CHECK_EQ(calls, 0);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
	signal(SIGUSR2, count);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		nanosleep(&moment, NULL);
		kill(getppid(), SIGUSR2);
		_exit(0);
	}
	CHECK_ERROR(sigtimedwait(&set, NULL, NULL), EINTR);
	CHECK_EQ(calls, 1);
	CHECK(wait(NULL) > 0);
	block(SIG_UNBLOCK, SIGUSR1);
}

static void inherits(void *unused)
{
	sigset_t now;
	stack_t stack;

	(void)unused;
	CHECK(!waits(SIGUSR1));			/* the parent's is not inherited */
	calls = 0;
	raise(SIGUSR2);
	CHECK_EQ(calls, 1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR1));
	CHECK_EQ(sigaltstack(NULL, &stack), 0);
	CHECK_EQ(stack.ss_size, 65536);
	raise(SIGUSR1);
	CHECK(waits(SIGUSR1));
	execve(self, (char *[]){ self, "again", NULL }, environ);
}

/* In the new program. */
static int after_exec(void)
{
	struct sigaction action;
	sigset_t now;
	stack_t stack;

	CHECK(waits(SIGUSR1));
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR1));
	CHECK_EQ(sigaction(SIGUSR2, NULL, &action), 0);
	CHECK_AT(action.sa_handler, SIG_DFL);
	CHECK_EQ(action.sa_flags, 0);
	CHECK_EQ(sigaction(SIGTERM, NULL, &action), 0);
	CHECK_AT(action.sa_handler, SIG_IGN);
	CHECK_EQ(sigaltstack(NULL, &stack), 0);
	CHECK_EQ(stack.ss_flags & SS_DISABLE, SS_DISABLE);
	return 0;
}

static void handed_on(void)
{
	stack_t stack = { check_private(16), 0, 65536 };

	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	signal(SIGUSR2, count);
	signal(SIGTERM, SIG_IGN);
	block(SIG_BLOCK, SIGUSR1);
	raise(SIGUSR1);
	CHECK_SIGNAL(inherits, NULL, 0);
}

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 1)
		return after_exec();
	blocked();
	ignored();
	CHECK_SIGNAL(deadly_when_unblocked, NULL, SIGTERM);
	suspended();
	awaited();
	handed_on();
	return CHECK_OK();
}
