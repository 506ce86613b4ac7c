/*
 * sh_run.c - running a line.
 *
 * There is no syntax tree: a list is a range of tokens, cut at ; and & into and-or lists, these
 * at && and || into pipelines, these at | into commands. Each pipeline is a process group of its
 * own. While it is in the foreground the terminal belongs to it, so Ctrl-C reaches it and nobody
 * else.
 */
#include "sh.h"
#include "tool.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static const struct token *find(const struct token *t, const struct token *end,
				enum token_kind kind, enum token_kind other)
{
	while (t < end && t->kind != kind && t->kind != other)
		t++;
	return t;
}

/* Several pipelines; in the background they need somebody who waits for each: a shell for itself. */
static bool is_list(const struct token *t, const struct token *end)
{
	return find(t, end, TOKEN_AND, TOKEN_OR) != end;
}

static void run_and_or(const struct token *t, const struct token *end);

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

static __attribute__((noreturn)) void run_in_child(const struct token *t,
						   const struct token *end)
{
	char **argv;

	if (is_list(t, end)) {
		run_and_or(t, end);
		exit(shell.status);
	}
	argv = arguments(t, end);
	for (; t < end; t++)
		if (t->kind != TOKEN_WORD)
			redirect(t++);
	while (argv[0] && argv[1] && sh_assign(argv[0]))
		argv++;
	if (sh_word(argv))
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
	done = sh_word(argv);
	free_arguments(argv);
	return done;
}

/* Pipelines */

/* For `jobs`: the words as typed. */
static void name_job(struct job *job, const struct token *t, const struct token *end)
{
	static const char *const operators[] = {
		[TOKEN_PIPE] = "|", [TOKEN_AND] = "&&", [TOKEN_OR] = "||",
		[TOKEN_IN] = "<", [TOKEN_OUT] = ">", [TOKEN_APPEND] = ">>", [TOKEN_DUP] = ">&",
	};
	size_t used = 0;

	for (; t < end && used < sizeof(job->name); t++)
		used += snprintf(job->name + used, sizeof(job->name) - used, "%s%s",
				 used ? " " : "",
				 t->kind == TOKEN_WORD ? t->text : operators[t->kind]);
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
static bool start(struct job *job, const struct token *t, const struct token *end, int in,
		  int out, int other_end)
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
		const struct token *bar = is_list(t, end) ? end : find(t, end, TOKEN_PIPE, TOKEN_PIPE);

		if (bar == end) {
			start(job, t, end, in, STDOUT_FILENO, -1);
			return;
		}
		if (job->count == SH_MEMBERS - 1 || pipe(fd) < 0) {
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
	job = sh_job_new();
	if (!job) {
		fprintf(stderr, "sh: too many jobs\n");
		shell.status = 1;
		return;
	}
	name_job(job, t, end);
	job->background = background;
	job->status = 1 << 8;		/* should no member ever start */
	start_members(job, t, end);
	if (!background) {
		sh_job_foreground(job);
		return;
	}
	if (shell.interactive && job->group)
		fprintf(stderr, "[%d] %d\n", sh_job_number(job), job->group);
	sh_job_background(job);
	shell.status = 0;
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
			run_pipeline(t, end, true);
		else
			run_and_or(t, end);
	}
	sh_parse_free(tokens);
}
