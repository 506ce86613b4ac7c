/*
 * sh_word.c - the shell's own words: commands that change the shell itself, so that no child could
 * do them.
 */
#include "sh.h"
#include "tool.h"

#include <ctype.h>
#include <unistd.h>

static int run_cd(char **argv)
{
	const char *to = argv[1] ? argv[1] : "/";

	if (chdir(to) == 0)
		return 0;
	perror(to);
	return 1;
}

static int run_exit(char **argv)
{
	exit(argv[1] ? atoi(argv[1]) : shell.status);
}

static int run_jobs(char **argv)
{
	(void)argv;
	sh_job_reap();
	for (struct job *job = sh_job_next(NULL); job; job = sh_job_next(job))
		sh_job_show(stdout, job);
	fflush(stdout);
	return 0;
}

/* The job that is meant; NULL after a message. */
static struct job *named(char **argv)
{
	struct job *job;

	sh_job_reap();
	job = shell.job_control ? sh_job_named(argv[1]) : NULL;
	if (!job)
		fprintf(stderr, "%s: %s\n", argv[0], shell.job_control ? "no such job" : "no job control");
	return job;
}

static int run_fg(char **argv)
{
	struct job *job = named(argv);

	if (!job)
		return 1;
	printf("%s\n", job->name);
	fflush(stdout);
	sh_job_foreground(job);
	return shell.status;
}

static int run_bg(char **argv)
{
	struct job *job = named(argv);

	if (!job)
		return 1;
	sh_job_background(job);
	sh_job_show(stdout, job);
	fflush(stdout);
	return 0;
}

static int run_wait(char **argv)
{
	(void)argv;
	for (struct job *job = sh_job_next(NULL); job; job = sh_job_next(job))
		if (!sh_job_stopped(job))
			sh_job_wait(job);
	return shell.status;
}

static const struct {
	const char *name;
	int (*run)(char **argv);
} own_words[] = {
	{ "cd", run_cd }, { "exit", run_exit }, { "jobs", run_jobs }, { "fg", run_fg },
	{ "bg", run_bg }, { "wait", run_wait },
};

bool sh_assign(char *word)
{
	char *equals = strchr(word, '=');

	if (!equals || equals == word || isdigit(*word))
		return false;
	for (char *p = word; p < equals; p++)
		if (!isalnum(*p) && *p != '_')
			return false;
	*equals = '\0';
	shell.status = setenv(word, equals + 1, 1) < 0;
	return true;
}

bool sh_word(char **argv)
{
	if (!argv[0]) {
		shell.status = 0;
		return true;
	}
	for (size_t i = 0; i < sizeof(own_words) / sizeof(own_words[0]); i++) {
		if (strcmp(argv[0], own_words[i].name) == 0) {
			shell.status = own_words[i].run(argv);
			return true;
		}
	}
	return !argv[1] && sh_assign(argv[0]);
}
