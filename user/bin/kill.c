/*
 * kill - sends a signal: kill [-SIGNAL] PID...; by number or name, otherwise TERM.
 */
#include "tool.h"

#include <signal.h>

static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ILL", SIGILL },
	{ "TRAP", SIGTRAP }, { "ABRT", SIGABRT }, { "BUS", SIGBUS }, { "FPE", SIGFPE },
	{ "KILL", SIGKILL }, { "USR1", SIGUSR1 }, { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM }, { "CONT", SIGCONT },
	{ "STOP", SIGSTOP }, { "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },
};

static int signal_number(const char *name)
{
	if (*name && !name[strspn(name, "0123456789")])
		return atoi(name);
	if (strncmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	fprintf(stderr, "kill: %s: no such signal\n", name);
	exit(MISUSED);
}

int main(int argc, char **argv)
{
	static const char text[] = "kill [-SIGNAL] PID...";
	int signal = SIGTERM, status = 0, i = 1;
	char *end;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		print_help(text);
	if (argc > 2 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0)
		signal = signal_number(argv[i++] + 1);
	/* After the signal a number may be negative: a process group. */
	i += i < argc && strcmp(argv[i], "--") == 0;
	if (i >= argc)
		usage(text);
	for (; i < argc; i++) {
		pid_t pid = strtol(argv[i], &end, 10);

		if (argv[i][0] == '%') {
			fprintf(stderr, "kill: %s: no such job\n", argv[i]);
			status = 1;
		} else if (*end || end == argv[i]) {
			fprintf(stderr, "kill: %s: not a number\n", argv[i]);
			status = 1;
		} else if (kill(pid, signal) < 0) {
			fprintf(stderr, "kill: %s: %s\n", argv[i], strerror(errno));
			status = 1;
		}
	}
	return status;
}
