/*
 * sh - the shell.
 *
 *	sh			reads commands from standard input, with line editing at a terminal
 *	sh -c COMMAND		runs it
 *	sh FILE			runs the commands of a file
 *
 * As first program of the machine it also greets, and collects the orphans that end.
 */
#include "sh.h"
#include "tool.h"

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
	printf("\nStop a program: Ctrl-C. Leave: exit, Ctrl-D, or in QEMU Ctrl-A X.\n"
	       "Try: demo, demo list, help, or sort /data/words.txt | cksum & with pages sort\n");
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
 * A line of standard input, byte by byte: what stands behind it belongs to the command that the
 * line starts, not to a buffer of ours.
 */
static int read_plain(char line[SH_LINE])
{
	int used = 0;
	ssize_t n;
	char c;

	while ((n = read(STDIN_FILENO, &c, 1)) > 0 && c != '\n')
		if (used < SH_LINE - 1)
			line[used++] = c;
	line[used] = '\0';
	return n <= 0 && used == 0 ? -1 : used;
}

static void run_input(void)
{
	char line[SH_LINE];

	for (;;) {
		int n;

		sh_job_reap();
		n = shell.interactive ? sh_edit(prompt(), line) : read_plain(line);
		if (n < 0)
			return;
		sh_run(line);
	}
}

static void run_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (!f)
		die("sh", path);
	while ((n = getline(&line, &room, f)) > 0) {
		line[n - (line[n - 1] == '\n')] = '\0';
		sh_run(line);
	}
	free(line);
	fclose(f);
}

/* Ctrl-C and the like are for the program in the foreground, never for the shell. */
static void take_charge(void)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpgrp());
}

int main(int argc, char **argv)
{
	bool command = argc > 1 && strcmp(argv[1], "-c") == 0;
	bool first = getpid() == 1;

	if (command && argc < 3)
		usage("sh [-c COMMAND | FILE]");
	shell.interactive = argc == 1 && isatty(STDIN_FILENO);
	shell.job_control = shell.interactive || (first && isatty(STDIN_FILENO));
	if (shell.job_control)
		take_charge();
	if (first && argc == 1)
		greet();
	if (command)
		sh_run(argv[2]);
	else if (argc > 1)
		run_file(argv[1]);
	else
		run_input();
	return shell.status;
}
