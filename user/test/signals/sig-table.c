/*
 * sig-table - what each of the 64 signals does: by default, ignored, handled, blocked, and to a stopped task. It prints a line for
 * each, which must equal Linux's.
 */
#include "job.h"

enum { DUMPABLE = 4, CORE_FLAG = 0x80 };

static const char *const ways[] = { "default", "ignored", "handled", "blocked", "blocked+ignored", "stopped" };
enum way { DEFAULT, IGNORED, HANDLED, BLOCKED, BLOCKED_IGNORED, STOPPED };

struct case_of {
	enum way way;
	int signal;
};

/* Exit statuses by which the child reports what it saw. */
enum { WAS_CALLED = 1, WAS_PENDING = 2, REFUSED = 4, SURVIVED = 64 };

static volatile int seen;
static int look[2];		/* a stopped child does not end before its state was checked */

static void note(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_signo == signal && info->si_code == SI_USER && info->si_pid == getpid())
		seen |= WAS_CALLED;
}

static void set_action(int signal, bool handled)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	if (handled)
		action = (struct sigaction){ .sa_sigaction = note, .sa_flags = SA_SIGINFO };
	if (sigaction(signal, &action, NULL) < 0)
		seen |= REFUSED;
}

static void mask(int how, int signal)
{
	sigset_t set = { { 0 } };

	sigaddset(&set, signal);
	CHECK_EQ(sigprocmask(how, &set, NULL), 0);
}

static void meet(void *argument)
{
	const struct case_of *c = argument;
	sigset_t set;
	char byte;

	syscall(SYS_prctl, DUMPABLE, 0);	/* no core files */
	if (c->way == STOPPED) {
		raise(SIGSTOP);
		CHECK_EQ(read(look[0], &byte, 1), 1);
		_exit(SURVIVED);
	}
	if (c->way == IGNORED || c->way == BLOCKED_IGNORED)
		set_action(c->signal, false);
	if (c->way == HANDLED)
		set_action(c->signal, true);
	if (c->way >= BLOCKED)
		mask(SIG_BLOCK, c->signal);
	raise(c->signal);
	CHECK_EQ(sigpending(&set), 0);
	if (sigismember(&set, c->signal))
		seen |= WAS_PENDING;
	mask(SIG_UNBLOCK, c->signal);
	_exit(SURVIVED | seen);
}

static void tell(int status)
{
	if (WIFSIGNALED(status))
		printf(" killed by %d%s", WTERMSIG(status), status & CORE_FLAG ? " with a core" : "");
	else if (WIFSTOPPED(status))
		printf(" stopped by %d", WSTOPSIG(status));
	else if (WIFCONTINUED(status))
		printf(" continued");
	else
		printf("%s%s%s lives", WEXITSTATUS(status) & REFUSED ? " refused" : "",
		       WEXITSTATUS(status) & WAS_CALLED ? " called" : "",
		       WEXITSTATUS(status) & WAS_PENDING ? " waits" : "");
}

/* Sends the signal to a stopped child: prints its effect at once, and when the child is continued. */
static void to_stopped(pid_t pid, int signal)
{
	siginfo_t info;
	int status;

	CHECK_EQ(kill(pid, signal), 0);
	if (signal == SIGKILL)
		CHECK_EQ(job_waitid(JOB_PID, pid, &info, JOB_EXITED | JOB_NOWAIT), 0);
	if (waitpid(pid, &status, WNOHANG | WCONTINUED) == pid) {
		tell(status);
		if (!WIFCONTINUED(status))
			return;
	} else {
		CHECK_EQ(task_state(pid), 'T');
		printf(" stays, then");
		CHECK_EQ(kill(pid, SIGCONT), 0);
	}
	CHECK_EQ(write(look[1], "x", 1), 1);
	tell(job_wait(pid, WUNTRACED));
}

/* What its status is; if it is stopped, and then. */
static void directly(pid_t pid, int status)
{
	tell(status);
	if (!WIFSTOPPED(status))
		return;
	CHECK_EQ(kill(pid, SIGCONT), 0);
	tell(job_wait(pid, WUNTRACED));
}

static void one(enum way way, int signal)
{
	struct case_of c = { way, signal };
	pid_t pid;
	int status;

	CHECK_EQ(pipe(look), 0);
	pid = job_start(meet, &c);
	status = job_wait(pid, WUNTRACED);
	printf("; %s:", ways[way]);
	if (way == STOPPED)
		to_stopped(pid, signal);
	else
		directly(pid, status);
	close(look[0]);
	close(look[1]);
}

/* The parent may have left signals ignored or blocked. */
static void forget_inherited(void)
{
	sigset_t none = { { 0 } };

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	CHECK_EQ(sigprocmask(SIG_SETMASK, &none, NULL), 0);
}

int main(void)
{
	forget_inherited();
	for (int signal = 1; signal < NSIG; signal++) {
		printf("signal %d", signal);
		fflush(stdout);
		for (enum way way = DEFAULT; way <= STOPPED; way++)
			one(way, signal);
		printf("\n");
		fflush(stdout);
	}
	return CHECK_OK();
}
