/*
 * job-wait - reports of a child that stops, continues or ends: wait4 and waitid, SIGCHLD and what suppresses it.
 */
#include "job.h"

static volatile int calls;
static siginfo_t last;

static void note(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)context;
	last = *info;
	calls++;
}

static void leaving(void *status)
{
	_exit((int)status);
}

static void expect(const siginfo_t *info, int code, pid_t pid, int status)
{
	CHECK_EQ(info->si_signo, SIGCHLD);
	CHECK_EQ(info->si_errno, 0);
	CHECK_EQ(info->si_code, code);
	CHECK_EQ(info->si_pid, pid);
	CHECK_EQ(info->si_status, status);
}

static void by_waitid(void)
{
	pid_t pid = job_start(job_sleep, NULL);
	siginfo_t info;

	CHECK_EQ(kill(pid, SIGTSTP), 0);
	CHECK_EQ(job_waitid(JOB_PID, pid, &info, WUNTRACED | JOB_NOWAIT), 0);
	expect(&info, CLD_STOPPED, pid, SIGTSTP);
	CHECK_EQ(job_waitid(JOB_GROUP, pid, &info, WUNTRACED | JOB_EXITED), 0);
	expect(&info, CLD_STOPPED, pid, SIGTSTP);
	CHECK_EQ(job_waitid(JOB_ALL, 0, &info, WUNTRACED | WCONTINUED | JOB_EXITED | WNOHANG), 0);
	CHECK(info.si_signo == 0 && info.si_pid == 0 && info.si_code == 0 && info.si_status == 0);
	CHECK_EQ(info.si_words[3], 0x55555555);		/* nothing is written after that */
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(job_waitid(JOB_PID, pid, &info, WUNTRACED | JOB_EXITED | WNOHANG), 0);
	CHECK_EQ(info.si_pid, 0);
	CHECK_EQ(job_waitid(JOB_PID, pid, &info, WCONTINUED), 0);
	expect(&info, CLD_CONTINUED, pid, SIGCONT);
	CHECK_EQ(kill(pid, SIGTERM), 0);
	CHECK_EQ(job_waitid(JOB_ALL, 0, &info, JOB_EXITED | JOB_NOWAIT), 0);
	expect(&info, CLD_KILLED, pid, SIGTERM);
	CHECK_EQ(task_state(pid), 'Z');
	CHECK_ERROR(job_waitid(JOB_PID, pid, &info, WUNTRACED | WNOHANG), ECHILD);	/* it will never stop again */
	CHECK_EQ(job_waitid(JOB_PID, pid, &info, JOB_EXITED), 0);
	expect(&info, CLD_KILLED, pid, SIGTERM);
	CHECK_ERROR(job_waitid(JOB_PID, pid, &info, JOB_EXITED), ECHILD);
	CHECK_EQ(info.si_signo, 0);
	pid = job_start(leaving, (void *)9);
	CHECK_EQ(job_waitid(JOB_GROUP, pid, &info, JOB_EXITED), 0);
	expect(&info, CLD_EXITED, pid, 9);
	CHECK_EQ(syscall(SYS_waitid, JOB_PID, job_start(leaving, NULL), NULL, JOB_EXITED, NULL), 0);
}

/* Only the requested children are found; invalid arguments are refused. */
static void refused(void)
{
	pid_t pid = fork();		/* in our own group */
	siginfo_t info;

	if (pid == 0)
		_exit(2);
	CHECK_ERROR(job_waitid(JOB_PID, pid + 1, &info, JOB_EXITED), ECHILD);
	CHECK_ERROR(job_waitid(JOB_GROUP, pid, &info, JOB_EXITED), ECHILD);
	CHECK_ERROR(job_waitid(JOB_ALL, 0, &info, 0), EINVAL);
	CHECK_ERROR(job_waitid(JOB_ALL, 0, &info, WNOHANG), EINVAL);
	CHECK_ERROR(job_waitid(JOB_ALL, 0, &info, JOB_EXITED | 0x10), EINVAL);
	CHECK_ERROR(job_waitid(JOB_PID, 0, &info, JOB_EXITED), EINVAL);
	CHECK_ERROR(job_waitid(JOB_GROUP, -1, &info, JOB_EXITED), EINVAL);
	CHECK_ERROR(job_waitid(3, -1, &info, JOB_EXITED), EINVAL);
	CHECK_ERROR(job_waitid(3, 99, &info, JOB_EXITED), EBADF);
	CHECK_ERROR(job_waitid(4, 0, &info, JOB_EXITED), EINVAL);
	CHECK_ERROR(wait4(pid, NULL, JOB_EXITED, NULL), EINVAL);
	CHECK_ERROR(wait4(pid, NULL, JOB_NOWAIT, NULL), EINVAL);
	CHECK_ERROR(wait4(-2147483647 - 1, NULL, WNOHANG, NULL), ESRCH);
	CHECK_EQ(job_waitid(JOB_GROUP, 0, &info, JOB_EXITED | JOB_NOWAIT), 0);
	CHECK_EQ(info.si_pid, pid);
	CHECK_ERROR(syscall(SYS_waitid, JOB_ALL, 0, (void *)16, JOB_EXITED, NULL), EFAULT);
	CHECK_ERROR(wait(NULL), ECHILD);	/* gone all the same */
}

static void until(int wanted)
{
	while (calls < wanted)
		job_nap(1);
}

static void told_by_signal(void)
{
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_RESTART };
	pid_t pid;

	CHECK_EQ(sigaction(SIGCHLD, &action, NULL), 0);
	pid = job_start(job_sleep, NULL);
	job_stop(pid, SIGTTIN);
	until(1);
	expect(&last, CLD_STOPPED, pid, SIGTTIN);
	job_continue(pid);
	until(2);
	expect(&last, CLD_CONTINUED, pid, SIGCONT);
	action.sa_flags |= SA_NOCLDSTOP;
	CHECK_EQ(sigaction(SIGCHLD, &action, NULL), 0);
	job_stop(pid, SIGTTIN);
	job_continue(pid);
	CHECK_EQ(calls, 2);			/* but wait reports it all the same */
	job_kill(pid);
	until(3);
	expect(&last, CLD_KILLED, pid, SIGKILL);
}

/* Children that are not waited for leave nothing; they still stop and continue. */
static void unwanted(bool ignore)
{
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_NOCLDWAIT };
	pid_t pid;

	if (ignore)
		action = (struct sigaction){ .sa_handler = SIG_IGN };
	CHECK_EQ(sigaction(SIGCHLD, &action, NULL), 0);
	calls = 0;
	pid = job_start(job_sleep, NULL);
	job_stop(pid, SIGSTOP);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	CHECK_EQ(errno, ECHILD);
	CHECK_EQ(calls > 0, !ignore);
	CHECK_EQ(task_state(pid), 0);
	signal(SIGCHLD, SIG_DFL);
}

int main(void)
{
	by_waitid();
	refused();
	told_by_signal();
	unwanted(false);
	unwanted(true);
	return CHECK_OK();
}
