/*
 * sh - the shell.
 *
 *	sh				reads commands from standard input, with line editing at a terminal
 *	sh -c COMMAND [NAME ARG...]	runs it; NAME is $0, the rest $1 and so on
 *	sh FILE [ARG...]		runs the commands of a file
 *
 * As the first program of the machine it also prints a greeting, and reaps orphans.
 */
#define MISUSED 2
#include "sh.h"
#include "bin/tool.h"

#include <limits.h>
#include <proc.h>
#include <signal.h>
#include <unistd.h>

struct shell shell;

static void greet(void)
{
	long long total = proc_number("/proc/meminfo", "MemTotal");
	long long free = proc_number("/proc/meminfo", "MemFree");
	long long swap = proc_number("/proc/meminfo", "SwapTotal");
	char policy[32];
	struct stat words;

	printf("Shisho.");
	if (total != PROC_ABSENT && free != PROC_ABSENT)
		printf(" Memory %lld KiB, %lld frames free.", total, free / 4);
	if (swap != PROC_ABSENT && swap > 0)
		printf(" Swap %lld KiB.", swap);
	else if (swap == 0)
		printf(" No swap.");
	if (proc_text("/proc/sys/vm/policy", policy, sizeof(policy)) > 0) {
		policy[strcspn(policy, "\n ")] = '\0';
		printf(" Policy %s.", policy);
	}
	printf("\nStop a program: Ctrl-C. Leave: exit, Ctrl-D, or in QEMU Ctrl-] X.\n"
	       "Try: demo, help, demo list.%s\n",
	       stat("/data/words.txt", &words) == 0 ? " Or: sort /data/words.txt | cksum &   and then: pages sort" : "");
	fflush(stdout);
}

static const char *prompt(void)
{
	static char text[PATH_MAX + 16];
	char directory[PATH_MAX];

	if (!getcwd(directory, sizeof(directory)))
		strcpy(directory, "?");
	snprintf(text, sizeof(text), "shisho:%s$ ", directory);
	return text;
}

/*
 * Appends a line of standard input, byte by byte: the bytes after it may be input of the command in that line, so it must not
 * read ahead. => false at the end
 */
static bool read_plain(struct text *command)
{
	size_t before = command->used;
	ssize_t n;
	char c = '\0';

	while (c != '\n' && (n = read(STDIN_FILENO, &c, 1)) > 0)
		sh_append(command, &c, 1);
	return command->used > before;
}

/* Appends a line from the terminal, after the prompt for a new or a continued command. => false: Ctrl-D */
static bool read_edited(struct text *command)
{
	char line[SH_LINE];
	int n = sh_edit(command->used ? "> " : prompt(), line);

	if (n < 0)
		return false;
	sh_append(command, line, n);
	sh_append(command, "\n", 1);
	return true;
}

static bool read_file_line(struct text *command, FILE *f)
{
	static char *line;
	static size_t room;
	ssize_t n = getline(&line, &room, f);

	if (n > 0)
		sh_append(command, line, n);
	return n > 0;
}

/* Runs the commands in F (NULL: standard input), each of one line or more. */
static void run_lines(FILE *f)
{
	struct text command = { NULL, 0, 0 };
	enum sh_parsed parsed;

	for (int line = 1;; line++) {
		if (!command.used) {
			sh_job_reap();
			shell.line = line;
		}
		if (!(f ? read_file_line(&command, f) : shell.interactive ? read_edited(&command) : read_plain(&command))) {
			if (sh_job_leave())
				break;
			continue;
		}
		parsed = shell.interrupted ? SH_COMPLETE : sh_run(command.bytes);
		if (parsed != SH_MORE)
			command.used = 0;
		if (shell.interrupted)
			shell.status = shell.interrupted;
		shell.interrupted = 0;
		if (parsed == SH_WRONG && !shell.interactive)
			break;
	}
	if (command.used) {
		sh_print_place(shell.line);
		fprintf(stderr, "the last command is not complete\n");
		shell.status = 2;
	}
	free(command.bytes);
}

static void run_file(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		die("sh", path);
	shell.file = path;
	run_lines(f);
	fclose(f);
}

static void run_text(const char *text)
{
	if (sh_run(text) != SH_MORE)
		return;
	fprintf(stderr, "sh: this command is not complete\n");
	shell.status = 2;
}

static void interrupt(int signal)
{
	(void)signal;
	shell.interrupted = SH_CTRL_C;
}

/*
 * Signals of the terminal are for the program in the foreground, not for the shell; but Ctrl-C ends a loop of built-in commands,
 * and, since SA_RESTART is not set, `read` and `wait`.
 */
static void take_charge(void)
{
	static const int ignored[] = { SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };
	static const struct sigaction action = { .sa_handler = interrupt };

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	sigaction(SIGINT, &action, NULL);
	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpgrp());
}

int main(int argc, char **argv)
{
	static const char text[] = "sh [-c COMMAND [NAME ARG...] | FILE [ARG...]]";
	bool command = argc > 1 && strcmp(argv[1], "-c") == 0;
	bool first = getpid() == 1;

	if (command && argc < 3)
		usage(text);
	if (!command && argc > 1 && argv[1][0] == '-')
		not_accepted(text, argv[1], strlen(argv[1]));
	shell.words = command && argc > 3 ? argv + 3 : command ? (char *[]){ argv[0], NULL } : argc > 1 ? argv + 1 : argv;
	shell.interactive = argc == 1 && isatty(STDIN_FILENO);
	shell.job_control = shell.interactive || (first && isatty(STDIN_FILENO));
	if (shell.job_control)
		take_charge();
	if (first && argc == 1)
		greet();
	if (command)
		run_text(argv[2]);
	else if (argc > 1)
		run_file(argv[1]);
	else
		run_lines(NULL);
	return shell.status;
}
