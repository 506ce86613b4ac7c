/*
 * sh_job.c - jobs: the pipelines that were started and have not been told about yet.
 */
#include "sh.h"
#include "tool.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct job jobs[SH_JOBS];

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

/* Ctrl-C ends all members at once, of which one is enough to tell. */
static void tell_signal(const struct job *job, int status, bool last)
{
	int signal = WTERMSIG(status);

	if (signal == SIGINT && last)
		fprintf(stderr, "\n");
	else if (signal != SIGINT && signal != SIGPIPE)
		fprintf(stderr, "%s%s%s\n", strsignal(signal), job->background ? ": " : "",
			job->background ? job->name : "");
}

/* A child has ended. It may be nobody's we know: an orphan that the first program inherits. */
static void note_end(pid_t pid, int status)
{
	for (struct job *job = sh_job_next(NULL); job; job = sh_job_next(job)) {
		for (int i = 0; i < job->count; i++) {
			if (job->member[i] != pid)
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

	while (job_alive(job)) {
		pid = waitpid(-1, &status, 0);
		if (pid > 0)
			note_end(pid, status);
		else if (errno != EINTR)
			break;
	}
	shell.status = status_number(job->status);
	job->group = 0;
}

void sh_job_reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		note_end(pid, status);
	for (struct job *job = sh_job_next(NULL); job; job = sh_job_next(job)) {
		if (job_alive(job))
			continue;
		if (shell.interactive && !WIFSIGNALED(job->status))
			fprintf(stderr, "[%d] done: %s\n", sh_job_number(job), job->name);
		job->group = 0;
	}
}

struct job *sh_job_new(void)
{
	sh_job_reap();
	for (struct job *job = jobs; job < jobs + SH_JOBS; job++) {
		if (!job->group) {
			memset(job, 0, sizeof(*job));
			return job;
		}
	}
	return NULL;
}
