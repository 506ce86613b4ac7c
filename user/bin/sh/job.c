/*
 * job.c - jobs: the pipelines that were started and whose end has not been reported yet.
 *
 * With job control each job is a process group. Its state is that of the group as a whole: a job is stopped when none of
 * its members runs any more, and done when none of them is alive.
 */
#include "sh.h"
#include "bin/tool.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct job jobs[SH_JOBS];
static int last_turn;

struct job *sh_job_next(struct job *after)
{
	for (struct job *job = after ? after + 1 : jobs; job < jobs + SH_JOBS; job++)
		if (job->group)
			return job;
	return NULL;
}

int sh_job_number(const struct job *job)
{
	return job - jobs + 1;
}

static bool job_alive(const struct job *job)
{
	for (int i = 0; i < job->count; i++)
		if (job->member[i])
			return true;
	return false;
}

bool sh_job_stopped(const struct job *job)
{
	bool some = false;

	for (int i = 0; i < job->count; i++) {
		if (job->member[i] && !job->stopped[i])
			return false;
		some |= job->member[i] != 0;
	}
	return some;
}

/* The job that `fg` means: the one that was stopped last, or else sent to the background last. */
static struct job *current_job(void)
{
	struct job *best = NULL;

	for (struct job *job = sh_job_next(NULL); job; job = sh_job_next(job)) {
		bool stopped = sh_job_stopped(job);

		if (!best || (stopped == sh_job_stopped(best) ? job->turn > best->turn : stopped))
			best = job;
	}
	return best;
}

struct job *sh_job_named(const char *word)
{
	int number;

	if (!word || strcmp(word, "%") == 0 || strcmp(word, "%%") == 0 || strcmp(word, "%+") == 0)
		return current_job();
	number = atoi(word + (*word == '%'));
	return number >= 1 && number <= SH_JOBS && jobs[number - 1].group ? &jobs[number - 1] : NULL;
}

static void show(FILE *to, const struct job *job, const char *state, const char *end)
{
	fprintf(to, "[%d]%c  %-24s%s%s\n", sh_job_number(job), job == current_job() ? '+' : ' ', state,
		job->name, end);
}

void sh_job_show(FILE *to, const struct job *job)
{
	bool running = job_alive(job) && !sh_job_stopped(job);

	show(to, job, running ? "Running" : job_alive(job) ? "Stopped" : "Done", running ? " &" : "");
}

/* Ctrl-C ends all members at once; one report is enough. */
static void tell_signal(const struct job *job, int status, bool last)
{
	int signal = WTERMSIG(status);

	if (signal == SIGINT && last)
		fprintf(stderr, "\n");
	else if (signal != SIGINT && signal != SIGPIPE)
		fprintf(stderr, "%s%s%s\n", strsignal(signal), job->background ? ": " : "",
			job->background ? job->name : "");
}

/* A child has ended, stopped or continued. It need not be a member of a job: the first program inherits orphans. */
static void note(pid_t pid, int status)
{
	for (struct job *job = sh_job_next(NULL); job; job = sh_job_next(job)) {
		for (int i = 0; i < job->count; i++) {
			if (job->member[i] != pid)
				continue;
			job->stopped[i] = WIFSTOPPED(status);
			if (WIFSTOPPED(status) || WIFCONTINUED(status))
				continue;
			job->member[i] = 0;
			if (i == job->count - 1)
				job->status = status;
			if (WIFSIGNALED(status))
				tell_signal(job, status, i == job->count - 1);
		}
	}
}

static int status_number(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void sh_job_wait(struct job *job)
{
	int status;
	pid_t pid;

	while (job_alive(job) && !sh_job_stopped(job)) {
		pid = waitpid(-1, &status, shell.job_control && !job->shares_group ? WUNTRACED : 0);
		if (pid > 0)
			note(pid, status);
		else if (errno != EINTR)
			break;
		else if (job->background && shell.interrupted)
			return;
	}
	if (sh_job_stopped(job)) {
		shell.status = 128 + SIGTSTP;
		return;
	}
	shell.status = status_number(job->status);
	/* Ctrl-C aborts the whole command line, not only this program. */
	if (shell.job_control && WIFSIGNALED(job->status) && WTERMSIG(job->status) == SIGINT)
		shell.interrupted = SH_CTRL_C;
	job->group = 0;
}

void sh_job_wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return;
	shell.status = status_number(status);
}

static void resume(struct job *job)
{
	memset(job->stopped, 0, sizeof(job->stopped));
	job->told = false;
	kill(-job->group, SIGCONT);
}

void sh_job_background(struct job *job)
{
	job->background = true;
	job->turn = ++last_turn;
	if (sh_job_stopped(job))
		resume(job);
}

/* SIGINT arrived before the job could receive it: the job gets it too. */
static void pass_interrupt(const struct job *job)
{
	for (int i = 0; i < job->count && shell.interrupted; i++)
		if (job->member[i])
			kill(job->member[i], SIGINT);
}

/* A program that is stopped or killed does not restore the terminal; one that continues finds it as it left it. */
static void lend_terminal(struct job *job, const struct termios *mine)
{
	bool stopped = sh_job_stopped(job);

	tcsetpgrp(STDIN_FILENO, job->group);
	if (stopped) {
		tcsetattr(STDIN_FILENO, TCSANOW, &job->mode);
		resume(job);
	}
	pass_interrupt(job);
	sh_job_wait(job);
	tcsetpgrp(STDIN_FILENO, getpgrp());
	if (sh_job_stopped(job))
		tcgetattr(STDIN_FILENO, &job->mode);
	if (sh_job_stopped(job) || WIFSIGNALED(job->status))
		tcsetattr(STDIN_FILENO, TCSANOW, mine);
}

void sh_job_foreground(struct job *job)
{
	struct termios mine = job->mode;	/* when it was started: a new job may have changed the terminal's mode already */

	if (job->background)
		tcgetattr(STDIN_FILENO, &mine);
	job->background = false;
	if (!shell.job_control || !job->group || job->shares_group) {
		pass_interrupt(job);
		sh_job_wait(job);
		if (job->shares_group && WIFSIGNALED(job->status))
			tcsetattr(STDIN_FILENO, TCSANOW, &job->mode);
		return;
	}
	lend_terminal(job, &mine);
	if (!sh_job_stopped(job))
		return;
	job->background = job->told = true;
	job->turn = ++last_turn;
	fprintf(stderr, "\n");
	sh_job_show(stderr, job);
}

void sh_job_reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | (shell.job_control ? WUNTRACED | WCONTINUED : 0))) > 0)
		note(pid, status);
	for (struct job *job = sh_job_next(NULL); job; job = sh_job_next(job)) {
		if (sh_job_stopped(job) && !job->told)
			sh_job_show(stderr, job);
		job->told = sh_job_stopped(job);
		if (job_alive(job))
			continue;
		if (shell.interactive && !WIFSIGNALED(job->status))
			show(stderr, job, "Done", "");
		/* A script may still fetch its status with `wait`. */
		if (shell.interactive || !job->background)
			job->group = 0;
	}
}

bool sh_job_leave(void)
{
	bool stopped = false, warned = shell.warned && shell.line - shell.warned <= 1;
	struct job *job;

	if (!shell.interactive || warned)
		return true;
	sh_job_reap();
	if (!sh_job_next(NULL))
		return true;
	for (job = sh_job_next(NULL); job; job = sh_job_next(job))
		stopped |= sh_job_stopped(job);
	fprintf(stderr, "There are %s jobs; exit again to leave.\n", stopped ? "stopped" : "running");
	shell.warned = shell.line;
	return false;
}

/* => an entry without a job, or else one with a job that has ended; NULL: all are running or stopped */
static struct job *free_entry(void)
{
	struct job *ended = NULL;

	for (struct job *job = jobs; job < jobs + SH_JOBS; job++) {
		if (!job->group)
			return job;
		if (!ended && !job_alive(job))
			ended = job;
	}
	return ended;
}

struct job *sh_job_new(void)
{
	struct job *job;

	sh_job_reap();
	job = free_entry();
	if (!job)
		return NULL;
	memset(job, 0, sizeof(*job));
	if (shell.job_control)
		tcgetattr(STDIN_FILENO, &job->mode);
	return job;
}
