/*
 * sh_run.c - running a line.
 *
 * There is no syntax tree: a list is a range of tokens, cut at ; and & into and-or lists, these at &&
 * and || into pipelines, these at | into commands. Each pipeline is a process group of its own. While
 * it is in the foreground the terminal belongs to it, so Ctrl-C reaches it and nobody else.
 */
#include "sh.h"
#include "tool.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS = 16, MEMBERS = 16 };

/* A pipeline that was started: pids of its members, 0 once a member has ended. */
struct job {
	pid_t group;			/* 0: the entry is free */
	pid_t member[MEMBERS];
	int count;
	int status;			/* of the last member */
	bool background;
	char name[40];
};

static struct job jobs[JOBS];

void sh_run_take_terminal(void)
{
	if (shell.job_control)
		tcsetpgrp(STDIN_FILENO, getpgrp());
}

/* Jobs */

static bool job_alive(const struct job *job)
{
	for (int i = 0; i < job->count; i++)
		if (job->member[i])
			return true;
	return false;
}

static void tell_signal(const struct job *job, int status)
{
	int signal = WTERMSIG(status);

	if (signal == SIGINT)
		fprintf(stderr, "\n");
	else if (signal != SIGPIPE)
		fprintf(stderr, "%s%s%s\n", strsignal(signal), job->background ? ": " : "",
			job->background ? job->name : "");
}

/* A child has ended. It may be nobody's we know: an orphan that the first program inherits. */
static void note_end(pid_t pid, int status)
{
	for (struct job *job = jobs; job < jobs + JOBS; job++) {
		for (int i = 0; job->group && i < job->count; i++) {
			if (job->member[i] != pid)
				continue;
			job->member[i] = 0;
			if (i == job->count - 1)
				job->status = status;
			if (WIFSIGNALED(status))
				tell_signal(job, status);
		}
	}
}

static int status_number(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void wait_for(struct job *job)
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

void sh_run_reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		note_end(pid, status);
	for (struct job *job = jobs; job < jobs + JOBS; job++) {
		if (!job->group || job_alive(job))
			continue;
		if (shell.interactive && !WIFSIGNALED(job->status))
			fprintf(stderr, "[%d] done: %s\n", (int)(job - jobs) + 1, job->name);
		job->group = 0;
	}
}

static struct job *job_new(void)
{
	sh_run_reap();
	for (struct job *job = jobs; job < jobs + JOBS; job++) {
		if (!job->group) {
			memset(job, 0, sizeof(*job));
			return job;
		}
	}
	return NULL;
}

/* The shell's own words */

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
	for (struct job *job = jobs; job < jobs + JOBS; job++)
		if (job->group && job_alive(job))
			printf("[%d] %d %s\n", (int)(job - jobs) + 1, job->group, job->name);
	fflush(stdout);
	return 0;
}

static int run_wait(char **argv)
{
	(void)argv;
	for (struct job *job = jobs; job < jobs + JOBS; job++)
		if (job->group)
			wait_for(job);
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

static bool run_own_word(char **argv)
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

/* Commands: ranges of tokens [t, end) without operators other than redirections */

/* The arguments, closed by NULL, each and the list malloc'ed. */
static char **arguments(const struct token *t, const struct token *end)
{
	char **argv = calloc(end - t + 1, sizeof(*argv));
	size_t count = 0;

	if (!argv)
		die("sh", "memory");
	for (; t < end; t++) {
		if (t->kind != TOKEN_WORD)
			t++;			/* a redirection's word is no argument */
		else if ((argv[count] = sh_expand(t->text)))
			count++;
	}
	return argv;
}

static void free_arguments(char **argv)
{
	for (char **p = argv; *p; p++)
		free(*p);
	free(argv);
}

/* Runs in the child: a failure ends it. */
static void redirect(const struct token *t)
{
	char *word = sh_expand(t[1].text);
	const char *name = word ? word : "";
	int fd;

	if (t->kind == TOKEN_DUP)
		fd = isdigit(*name) ? dup(atoi(name)) : -1;
	else if (t->kind == TOKEN_IN)
		fd = open(name, O_RDONLY);
	else
		fd = open(name, O_WRONLY | O_CREAT | (t->kind == TOKEN_OUT ? O_TRUNC : O_APPEND),
			  0666);
	if (fd < 0)
		die("sh", name);
	if (fd != t->fd) {
		dup2(fd, t->fd);
		close(fd);
	}
	free(word);
}

static __attribute__((noreturn)) void run_in_child(const struct token *t, const struct token *end)
{
	char **argv = arguments(t, end);

	for (; t < end; t++)
		if (t->kind != TOKEN_WORD)
			redirect(t++);
	if (run_own_word(argv))
		exit(shell.status);
	execvp(argv[0], argv);
	if (errno == ENOENT)
		fprintf(stderr, "sh: %s: not found; try help\n", argv[0]);
	else
		fprintf(stderr, "sh: %s: %s\n", argv[0], strerror(errno));
	exit(errno == ENOENT ? 127 : 126);
}

/* cd and its like change the shell, so they run in it: alone, and with nothing redirected. */
static bool run_in_shell(const struct token *t, const struct token *end)
{
	char **argv;
	bool done;

	for (const struct token *p = t; p < end; p++)
		if (p->kind != TOKEN_WORD)
			return false;
	argv = arguments(t, end);
	done = run_own_word(argv);
	free_arguments(argv);
	return done;
}

/* Pipelines */

static const struct token *find(const struct token *t, const struct token *end,
				enum token_kind kind, enum token_kind other)
{
	while (t < end && t->kind != kind && t->kind != other)
		t++;
	return t;
}

/* For `jobs`: the words as typed. */
static void name_job(struct job *job, const struct token *t, const struct token *end)
{
	size_t used = 0;

	for (; t < end && used < sizeof(job->name); t++)
		used += snprintf(job->name + used, sizeof(job->name) - used, "%s%s",
				 used ? " " : "", t->kind == TOKEN_WORD ? t->text :
				 t->kind == TOKEN_PIPE ? "|" : t->kind == TOKEN_IN ? "<" : ">");
}

/* What a child sets right before it is anything else. */
static void enter_child(const struct job *job, int in, int out)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };

	if (shell.job_control) {
		setpgid(0, job->group);
		if (!job->background)
			tcsetpgrp(STDIN_FILENO, getpgrp());
		for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
			signal(ignored[i], SIG_DFL);
	}
	if (in != STDIN_FILENO) {
		dup2(in, STDIN_FILENO);
		close(in);
	}
	if (out != STDOUT_FILENO) {
		dup2(out, STDOUT_FILENO);
		close(out);
	}
	shell.interactive = shell.job_control = false;
}

/* Starts one member; `in` and `out` are closed here if they are pipes. */
static bool start(struct job *job, const struct token *t, const struct token *end, int in, int out,
		  int other_end)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (other_end >= 0)
			close(other_end);
		enter_child(job, in, out);
		run_in_child(t, end);
	}
	if (pid < 0)
		perror("sh: fork");
	if (in != STDIN_FILENO)
		close(in);
	if (out != STDOUT_FILENO)
		close(out);
	if (pid < 0)
		return false;
	if (!job->group)
		job->group = pid;
	job->member[job->count++] = pid;
	/* Parent and child both do it: whoever comes first, it is done before it matters. */
	if (shell.job_control)
		setpgid(pid, job->group);
	return true;
}

static void start_members(struct job *job, const struct token *t, const struct token *end)
{
	int in = STDIN_FILENO, fd[2];

	for (;;) {
		const struct token *bar = find(t, end, TOKEN_PIPE, TOKEN_PIPE);

		if (bar == end) {
			start(job, t, end, in, STDOUT_FILENO, -1);
			return;
		}
		if (job->count == MEMBERS - 1 || pipe(fd) < 0) {
			perror("sh: pipe");
			return;
		}
		if (!start(job, t, bar, in, fd[1], fd[0])) {
			close(fd[0]);
			return;
		}
		in = fd[0];
		t = bar + 1;
	}
}

static void run_pipeline(const struct token *t, const struct token *end, bool background)
{
	struct job *job;

	if (!background && run_in_shell(t, end))
		return;
	job = job_new();
	if (!job) {
		fprintf(stderr, "sh: too many jobs\n");
		shell.status = 1;
		return;
	}
	name_job(job, t, end);
	job->background = background;
	job->status = 1 << 8;		/* should no member ever start */
	start_members(job, t, end);
	if (background) {
		if (shell.interactive && job->group)
			fprintf(stderr, "[%d] %d\n", (int)(job - jobs) + 1, job->group);
		shell.status = 0;
		return;
	}
	if (shell.job_control && job->group)
		tcsetpgrp(STDIN_FILENO, job->group);
	wait_for(job);
	sh_run_take_terminal();
}

static void run_and_or(const struct token *t, const struct token *end)
{
	bool run = true;

	while (t < end) {
		const struct token *next = find(t, end, TOKEN_AND, TOKEN_OR);

		if (run)
			run_pipeline(t, next, false);
		if (next == end)
			return;
		run = (shell.status == 0) == (next->kind == TOKEN_AND);
		t = next + 1;
	}
}

/* Several pipelines in the background need somebody who waits for each: a shell for itself. */
static void run_background(const struct token *t, const struct token *end)
{
	pid_t pid;

	if (find(t, end, TOKEN_AND, TOKEN_OR) == end) {
		run_pipeline(t, end, true);
		return;
	}
	pid = fork();
	if (pid == 0) {
		enter_child(&(struct job){ .background = true }, STDIN_FILENO, STDOUT_FILENO);
		run_and_or(t, end);
		exit(shell.status);
	}
	if (pid < 0)
		perror("sh: fork");
	shell.status = pid < 0;
}

void sh_run(const char *line)
{
	struct token *tokens = sh_parse(line), *t, *end, *last;

	if (!tokens) {
		shell.status = 2;
		return;
	}
	for (last = tokens; last->kind != TOKEN_END; last++)
		;
	for (t = tokens; t < last; t = end < last ? end + 1 : end) {
		end = (struct token *)find(t, last, TOKEN_SEMICOLON, TOKEN_BACKGROUND);
		if (end->kind == TOKEN_BACKGROUND)
			run_background(t, end);
		else
			run_and_or(t, end);
	}
	sh_parse_free(tokens);
}
