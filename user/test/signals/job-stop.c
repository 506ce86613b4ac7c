/*
 * job-stop - what stops a task and what continues it; each cancels the other, and only SIGKILL ends a stopped task.
 */
#include "job.h"

static volatile int calls;

static void count(int signal)
{
	(void)signal;
	calls++;
}

static void run_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		__asm__ volatile("");
}

static void each_stops(void (*what)(void *))
{
	static const int stops[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	pid_t pid = job_start(what, NULL);

	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		job_stop(pid, stops[i]);
		CHECK_EQ(task_state(pid), 'T');
		CHECK_EQ(waitpid(pid, NULL, WUNTRACED | WCONTINUED | WNOHANG), 0);	/* reported once */
		CHECK_EQ(kill(pid, SIGTSTP), 0);	/* stopped already: stays pending, and is discarded */
		job_continue(pid);
		CHECK(task_state(pid) != 'T');
		CHECK_EQ(waitpid(pid, NULL, WUNTRACED | WCONTINUED | WNOHANG), 0);
	}
	/* Without WUNTRACED and WCONTINUED nothing is reported. */
	CHECK_EQ(kill(pid, SIGSTOP), 0);
	job_until(pid, 'T');
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG | WUNTRACED), 0);	/* it was stopped, but no longer is */
	job_kill(pid);
}

/* SIGCONT continues it even if ignored, blocked or caught. */
static void stop_myself(void *mode)
{
	sigset_t all;

	sigfillset(&all);
	if (mode == (void *)1)
		CHECK_EQ(sigprocmask(SIG_SETMASK, &all, NULL), 0);
	if (mode == (void *)2)
		signal(SIGCONT, SIG_IGN);
	if (mode == (void *)3)
		signal(SIGCONT, count);
	CHECK_EQ(raise(SIGSTOP), 0);
	if (mode == (void *)1) {
		CHECK_EQ(sigpending(&all), 0);
		CHECK(sigismember(&all, SIGCONT));
	}
	_exit(10 + calls);
}

static void always_continues(void)
{
	for (long mode = 0; mode <= 3; mode++) {
		pid_t pid = job_start(stop_myself, (void *)mode);

		JOB_CHECK_STOPPED(pid, SIGSTOP);
		JOB_CHECK_END(pid, (mode == 3 ? 11 : 10) << 8);
	}
}

static bool is_pending(int signal)
{
	sigset_t set;

	CHECK_EQ(sigpending(&set), 0);
	return sigismember(&set, signal);
}

static void undone(void *unused)
{
	sigset_t set = { { 0 } };

	(void)unused;
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGTTOU);
	sigaddset(&set, SIGCONT);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	signal(SIGCONT, count);
	raise(SIGTSTP);
	raise(SIGTTOU);
	CHECK(is_pending(SIGTSTP) && is_pending(SIGTTOU));
	raise(SIGCONT);
	CHECK(!is_pending(SIGTSTP) && !is_pending(SIGTTOU) && is_pending(SIGCONT));
	signal(SIGTTIN, SIG_IGN);
	raise(SIGTTIN);				/* ignored, but cancels SIGCONT all the same */
	CHECK(!is_pending(SIGCONT) && !is_pending(SIGTTIN));
	signal(SIGTSTP, count);
	raise(SIGTSTP);
	CHECK_EQ(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	CHECK_EQ(calls, 1);			/* with a handler it does not stop */
	_exit(3);
}

static void what_ends_it(void)
{
	pid_t pid = job_start(job_sleep, NULL);

	job_stop(pid, SIGSTOP);
	CHECK_EQ(kill(pid, SIGTERM), 0);
	job_nap(20);
	CHECK_EQ(task_state(pid), 'T');
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	JOB_CHECK_END(pid, SIGTERM);
	pid = job_start(job_sleep, NULL);
	job_stop(pid, SIGTTIN);
	job_kill(pid);
}

/* All members of a group, by one call. */
static void group(void)
{
	pid_t first = job_start(job_sleep, NULL), second = fork();

	if (second == 0)
		job_sleep(NULL);
	CHECK_EQ(setpgid(second, first), 0);
	CHECK_EQ(kill(-first, SIGTSTP), 0);
	JOB_CHECK_STOPPED(first, SIGTSTP);
	JOB_CHECK_STOPPED(second, SIGTSTP);
	CHECK_EQ(kill(-first, SIGCONT), 0);
	CHECK_EQ(waitpid(-first, NULL, WCONTINUED) > 0, 1);
	CHECK_EQ(kill(-first, SIGKILL), 0);
	CHECK_EQ(job_wait(first, 0), SIGKILL);
	CHECK_EQ(job_wait(second, 0), SIGKILL);
}

int main(void)
{
	each_stops(job_sleep);
	each_stops(run_for_ever);
	always_continues();
	CHECK_EQ(job_wait(job_start(undone, NULL), 0), 3 << 8);
	what_ends_it();
	group();
	return CHECK_OK();
}
