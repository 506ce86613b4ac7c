/*
 * word.c - built-in commands: those that change the shell itself, which no child could do.
 */
#include "sh.h"
#include "bin/tool.h"

#include <ctype.h>
#include <limits.h>
#include <unistd.h>

static int run_cd(char **argv)
{
	const char *to = argv[1] ? argv[1] : "/";

	if (chdir(to) == 0)
		return 0;
	fprintf(stderr, "cd: %s: %s\n", to, strerror(errno));
	return 1;
}

static int run_exit(char **argv)
{
	if (!sh_job_leave())
		return 1;
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

/* => the job that is meant; NULL after a message */
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

/* WORD: %N, or the last member's pid */
static struct job *waited_for(const char *word)
{
	struct job *job = sh_job_next(NULL);

	if (*word == '%')
		return sh_job_named(word);
	while (job && (!isdigit(*word) || job->last != atoi(word)))
		job = sh_job_next(job);
	return job;
}

static int run_wait(char **argv)
{
	struct job *job;

	if (!argv[1]) {
		for (job = sh_job_next(NULL); job; job = sh_job_next(job))
			if (!sh_job_stopped(job) && !shell.interrupted)
				sh_job_wait(job);
		return 0;
	}
	shell.status = 0;
	while (*++argv && !shell.interrupted) {
		job = waited_for(*argv);
		if (job) {
			sh_job_wait(job);
			continue;
		}
		fprintf(stderr, "wait: %s: no such job\n", *argv);
		shell.status = 127;
	}
	return shell.status;
}

static int run_pwd(char **argv)
{
	char path[PATH_MAX];

	(void)argv;
	if (!getcwd(path, sizeof(path))) {
		perror("pwd");
		return 1;
	}
	puts(path);
	return 0;
}

/* Reads a line of standard input and splits it at blanks: each name gets a word, the last one the rest. */
static int run_read(char **argv)
{
	struct text line = { NULL, 0, 0 };
	char c, *p;
	ssize_t n;

	argv += argv[1] && strcmp(argv[1], "-r") == 0 ? 2 : 1;
	if (*argv && **argv == '-') {
		fprintf(stderr, "read: %s is not supported\n", *argv);
		return 2;
	}
	sh_append(&line, "", 0);
	while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n')
		sh_append(&line, &c, 1);
	p = line.bytes + strspn(line.bytes, " \t");
	for (; *argv; argv++) {
		size_t length = argv[1] ? strcspn(p, " \t") : strlen(p);
		char *next = p + length + (p[length] != '\0');

		p[length] = '\0';
		setenv(*argv, p, 1);
		p = next + strspn(next, " \t");
	}
	free(line.bytes);
	return n != 1;
}

/* All variables are in the environment, so `export` only assigns. */
static int run_export(char **argv)
{
	if (argv[1] && argv[1][0] == '-') {
		fprintf(stderr, "export: %s is not supported\n", argv[1]);
		return 2;
	}
	while (*++argv)
		sh_assign(*argv);
	return 0;
}

static int run_shift(char **argv)
{
	char *name = shell.words[0];

	for (int n = argv[1] ? atoi(argv[1]) : 1; n > 0; n--) {
		if (!shell.words[1])
			return 1;
		*++shell.words = name;
	}
	return 0;
}

static int run_break(char **argv)
{
	shell.leave = argv[1] && atoi(argv[1]) > 0 ? atoi(argv[1]) : 1;
	shell.again = argv[0][0] == 'c';
	return 0;
}

static int run_true(char **argv)
{
	(void)argv;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(char **argv);
} own_words[] = {
	{ "cd", run_cd }, { "exit", run_exit }, { "jobs", run_jobs }, { "fg", run_fg }, { "bg", run_bg },
	{ "wait", run_wait }, { "pwd", run_pwd }, { "read", run_read }, { "export", run_export }, { "shift", run_shift },
	{ "break", run_break }, { "continue", run_break }, { "test", sh_test }, { "[", sh_test }, { ":", run_true },
};

const char *sh_word_name(size_t i)
{
	return i < sizeof(own_words) / sizeof(own_words[0]) ? own_words[i].name : NULL;
}

bool sh_assign(const char *word)
{
	char *name, *equals;

	if (!sh_is_assignment(word))
		return false;
	name = strdup(word);
	equals = name ? strchr(name, '=') : NULL;
	if (!equals)
		die("sh", "memory");
	*equals = '\0';
	if (setenv(name, equals + 1, 1) < 0)
		perror(name);
	free(name);
	return true;
}

/* => its index, or -1 */
static int own_word(const char *name)
{
	for (size_t i = 0; sh_word_name(i); i++)
		if (strcmp(name, own_words[i].name) == 0)
			return i;
	return -1;
}

static bool only_assignments(char **argv)
{
	while (*argv && sh_is_assignment(*argv))
		argv++;
	return !*argv;
}

bool sh_word_is_own(char **argv)
{
	return only_assignments(argv) || own_word(argv[0]) >= 0;
}

void sh_word(char **argv)
{
	int i;

	if (only_assignments(argv)) {
		/* `a=$(false)` has the status of the command in it. */
		while (*argv)
			sh_assign(*argv++);
		return;
	}
	i = own_word(argv[0]);
	shell.status = own_words[i].run(argv);
}

char **sh_kill_words(char **argv)
{
	char **words, **to, number[16];

	if (!argv[0] || strcmp(argv[0], "kill") != 0 || !argv[1] || (argv[1][0] != '%' && !(argv[2] && argv[2][0] == '%')))
		return argv;
	for (words = argv; *words; words++)
		;
	to = words = calloc(words - argv + 2, sizeof(*words));
	if (!words)
		die("sh", "memory");
	sh_job_reap();
	for (char **p = argv; *p; p++) {
		struct job *job = **p == '%' ? sh_job_named(*p) : NULL;

		/* The program takes a first argument that begins with - for a signal. */
		if (job && to == words + 1)
			*to++ = strdup("-TERM");
		snprintf(number, sizeof(number), shell.job_control ? "-%d" : "%d", job ? job->group : 0);
		*to++ = strdup(job ? number : *p);
	}
	sh_fields_free(argv);
	return words;
}
