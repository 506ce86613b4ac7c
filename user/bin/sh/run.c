/*
 * run.c - runs a list of commands.
 *
 * A list is a range of tokens, cut at ; and & into and-or lists, these at && and || into pipelines, these at | into
 * commands; a compound command is skipped as a whole (flow.c runs it). Each pipeline is a process group of its own.
 * While it is in the foreground it owns the terminal, so Ctrl-C reaches it alone.
 *
 * Within a compound command that the shell itself runs, foreground pipelines share the shell's group instead: Ctrl-C
 * reaches the shell as well as the program and ends the loop. With a group for each program it would be lost between two
 * programs of a loop. Ctrl-Z is ignored there: the shell could not stop together with the program.
 */
#include "sh.h"
#include "bin/tool.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STREAMS = 3, SAVED_FROM = 10, F_DUPFD_CLOEXEC = 1030 };

static const struct token *find(const struct token *t, const struct token *end,
				enum token_kind kind, enum token_kind other)
{
	while (t < end && t->kind != kind && t->kind != other)
		t = sh_is_compound(t->kind) ? sh_flow_end(t) : t + 1;
	return t;
}

/* Several pipelines; in the background a shell of their own runs them and waits for each. */
static bool is_list(const struct token *t, const struct token *end)
{
	return t->kind == TOKEN_NOT || find(t, end, TOKEN_AND, TOKEN_OR) != end;
}

static void run_and_or(const struct token *t, const struct token *end);

/* Commands: ranges of tokens [t, end) without operators other than redirections */

static __attribute__((noreturn)) void run_program(char **argv)
{
	while (argv[0] && argv[1] && sh_assign(argv[0]))
		argv++;
	execvp(argv[0], argv);
	if (errno == ENOENT)
		fprintf(stderr, "sh: %s: not found; try help\n", argv[0]);
	else
		fprintf(stderr, "sh: %s: %s\n", argv[0], strerror(errno));
	exit(errno == ENOENT ? 127 : 126);
}

/* ARGV: the command's words if they are expanded already; else NULL. */
static __attribute__((noreturn)) void run_in_child(const struct token *t, const struct token *end, char **argv)
{
	if (is_list(t, end)) {
		run_and_or(t, end);
	} else if (sh_is_compound(t->kind)) {
		if (!sh_redirect(sh_flow_end(t), end))
			exit(1);
		sh_flow(t);
	} else {
		if (!argv)
			argv = sh_fields(t, end);
		if (!sh_redirect(t, end))
			exit(1);
		if (!sh_word_is_own(argv))
			run_program(argv);
		sh_word(argv);
	}
	exit(shell.status);
}

/* Runs a command in the shell itself: redirects its streams if necessary, and restores them. */
static void run_redirected(const struct token *t, const struct token *end, char **argv)
{
	const struct token *from = argv ? t : sh_flow_end(t);
	bool redirected = sh_is_redirected(from, end), done;
	int saved[STREAMS];

	for (int i = 0; redirected && i < STREAMS; i++)
		saved[i] = syscall(SYS_fcntl64, i, F_DUPFD_CLOEXEC, SAVED_FROM);
	done = !redirected || sh_redirect(from, end);
	if (!done)
		shell.status = 1;
	else if (argv)
		sh_word(argv);
	else
		sh_flow(t);
	fflush(stdout);
	for (int i = 0; redirected && i < STREAMS; i++) {
		if (saved[i] < 0)
			continue;
		dup2(saved[i], i);
		close(saved[i]);
	}
}

/* Pipelines */

/* For `jobs`: the words as typed. */
static void name_job(struct job *job, const struct token *t, const struct token *end)
{
	static const char *const operators[] = {
		[TOKEN_PIPE] = "|", [TOKEN_AND] = "&&", [TOKEN_OR] = "||",
		[TOKEN_IN] = "<", [TOKEN_OUT] = ">", [TOKEN_APPEND] = ">>", [TOKEN_DUP] = ">&",
		[TOKEN_HERE] = "<<", [TOKEN_NOT] = "!", [TOKEN_IF] = "if", [TOKEN_THEN] = "then", [TOKEN_ELIF] = "elif",
		[TOKEN_ELSE] = "else", [TOKEN_FI] = "fi", [TOKEN_WHILE] = "while", [TOKEN_UNTIL] = "until",
		[TOKEN_FOR] = "for", [TOKEN_DO] = "do", [TOKEN_DONE] = "done", [TOKEN_OPEN] = "{", [TOKEN_CLOSE] = "}",
		[TOKEN_LEFT] = "(", [TOKEN_RIGHT] = ")", [TOKEN_SEMICOLON] = ";", [TOKEN_BACKGROUND] = "&",
	};
	size_t used = 0;

	for (; t < end && used < sizeof(job->name); t++)
		used += snprintf(job->name + used, sizeof(job->name) - used, "%s%s",
				 used ? " " : "",
				 t->kind == TOKEN_WORD ? t->text : operators[t->kind]);
}

/* Starts one member; `in` and `out` are closed here if they are pipes. ARGV as in run_in_child(). */
static bool start(struct job *job, const struct token *t, const struct token *end, char **argv, int in,
		  int out, int other_end)
{
	pid_t pid = sh_child_fork();

	if (pid == 0) {
		if (other_end >= 0)
			close(other_end);
		sh_child_enter(job, in, out);
		run_in_child(t, end, argv);
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
	job->member[job->count++] = job->last = pid;
	/* Parent and child both do this: whichever comes first, it is done before it matters. */
	if (shell.job_control && !job->shares_group)
		setpgid(pid, job->group);
	return true;
}

static void start_members(struct job *job, const struct token *t, const struct token *end, char **argv)
{
	int in = STDIN_FILENO, fd[2];

	for (;;) {
		const struct token *bar = is_list(t, end) ? end : find(t, end, TOKEN_PIPE, TOKEN_PIPE);

		if (bar == end) {
			start(job, t, end, argv, in, STDOUT_FILENO, -1);
			return;
		}
		if (job->count == SH_MEMBERS - 1 || pipe(fd) < 0) {
			perror("sh: pipe");
			return;
		}
		if (!start(job, t, bar, NULL, in, fd[1], fd[0])) {
			close(fd[0]);
			return;
		}
		in = fd[0];
		t = bar + 1;
	}
}

static void run_job(const struct token *t, const struct token *end, bool background, char **argv)
{
	struct job *job = sh_job_new();

	if (!job) {
		fprintf(stderr, "sh: too many jobs\n");
		shell.status = 1;
		return;
	}
	name_job(job, t, end);
	job->background = background;
	job->shares_group = shell.depth && !background;
	job->status = 1 << 8;		/* in case no member starts */
	fflush(stdout);
	start_members(job, t, end, argv);
	if (!background) {
		sh_job_foreground(job);
		return;
	}
	if (shell.interactive && job->group)
		fprintf(stderr, "[%d] %d\n", sh_job_number(job), job->group);
	sh_job_background(job);
	shell.background = job->last;
	shell.status = 0;
}

/* One command in the foreground: in the shell itself if it is built-in, so that it can change the shell's state. */
static void run_command(const struct token *t, const struct token *end)
{
	char **argv;

	if (sh_is_compound(t->kind)) {
		if (t->kind == TOKEN_LEFT)
			run_job(t, end, false, NULL);
		else
			run_redirected(t, end, NULL);
		return;
	}
	argv = sh_kill_words(sh_fields(t, end));
	if (shell.interrupted)
		;	/* while the words were expanded */
	else if (sh_word_is_own(argv))
		run_redirected(t, end, argv);
	else
		run_job(t, end, false, argv);
	sh_fields_free(argv);
}

static void run_pipeline(const struct token *t, const struct token *end)
{
	bool not = false;

	for (; t < end && t->kind == TOKEN_NOT; t++)
		not = !not;
	if (find(t, end, TOKEN_PIPE, TOKEN_PIPE) == end)
		run_command(t, end);
	else
		run_job(t, end, false, NULL);
	if (not)
		shell.status = shell.status == 0;
}

static void run_and_or(const struct token *t, const struct token *end)
{
	bool run = true;

	while (t < end && !shell.interrupted && !shell.leave) {
		const struct token *next = find(t, end, TOKEN_AND, TOKEN_OR);

		if (run)
			run_pipeline(t, next);
		if (next == end)
			return;
		run = (shell.status == 0) == (next->kind == TOKEN_AND);
		t = next + 1;
	}
}

void sh_run_list(const struct token *t, const struct token *end)
{
	while (t < end && !shell.interrupted && !shell.leave) {
		const struct token *next = find(t, end, TOKEN_SEMICOLON, TOKEN_BACKGROUND);

		if (next < end && next->kind == TOKEN_BACKGROUND)
			run_job(t, next, true, NULL);
		else
			run_and_or(t, next);
		t = next + 1;
	}
}

enum sh_parsed sh_run(const char *text)
{
	struct token *tokens, *end;
	enum sh_parsed parsed = sh_parse(text, &tokens);

	if (parsed == SH_WRONG)
		shell.status = 2;
	if (parsed != SH_COMPLETE)
		return parsed;
	for (end = tokens; end->kind != TOKEN_END; end++)
		;
	sh_run_list(tokens, end);
	shell.leave = 0;
	sh_parse_free(tokens);
	return SH_COMPLETE;
}
