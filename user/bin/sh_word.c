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
		printf("[%d] %d %s\n", sh_job_number(job), job->group, job->name);
	fflush(stdout);
	return 0;
}

static int run_wait(char **argv)
{
	(void)argv;
	for (struct job *job = sh_job_next(NULL); job; job = sh_job_next(job))
		sh_job_wait(job);
	return shell.status;
}

static const struct {
	const char *name;
	int (*run)(char **argv);
} own_words[] = {
	{ "cd", run_cd }, { "exit", run_exit }, { "jobs", run_jobs }, { "wait", run_wait },
};

/* NAME=value, when that is all there is. */
static bool assign(char **argv)
{
	char *equals = argv[0] ? strchr(argv[0], '=') : NULL;

	if (!equals || equals == argv[0] || isdigit(*argv[0]) || argv[1])
		return false;
	for (char *p = argv[0]; p < equals; p++)
		if (!isalnum(*p) && *p != '_')
			return false;
	*equals = '\0';
	shell.status = setenv(argv[0], equals + 1, 1) < 0;
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
	return assign(argv);
}
