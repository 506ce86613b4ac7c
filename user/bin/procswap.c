/*
 * procswap - swaps a whole task out or in: procswap out|in PID; procswap PID only shows where it is.
 *
 * Prints /proc/PID/procswap: the pages of its resident set, how many of them went through the swap disk and in how many
 * requests, how long the order took, and how many frames it freed.
 */
#include "tool.h"

#include <ctype.h>
#include <fcntl.h>
#include <proc.h>
#include <unistd.h>

static char path[64];

static long long figure(const char *direction, const char *what)
{
	char key[32];

	snprintf(key, sizeof(key), "%s_%s", direction, what);
	return proc_number(path, key);
}

static void print_figures(const char *pid, const char *direction)
{
	int out = strcmp(direction, "out") == 0;

	if (figure(direction, "pages") == PROC_ABSENT) {
		printf("%s: has ended\n", pid);
		return;
	}
	printf("%s: %s: %lld pages of its resident set, %lld %s swap in %lld runs, %lld us, %lld frames %s\n", pid, direction,
	       figure(direction, "pages"), figure(direction, "moved"), out ? "written to" : "read from",
	       figure(direction, "runs"), figure(direction, "us"), figure(direction, "frames"),
	       out ? "given back" : "taken");
}

static __attribute__((noreturn)) void fail(const char *pid)
{
	if (errno != ENOENT)
		die("procswap", pid);
	fprintf(stderr, "procswap: there is no task %s; ps lists them\n", pid);
	exit(1);
}

static void order(const char *pid, const char *direction)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, direction, strlen(direction)) < 0)
		fail(pid);
	close(fd);
}

static int print_state(const char *pid)
{
	char text[512];

	if (proc_text(path, text, sizeof(text)) <= 0)
		fail(pid);
	printf("%s", text);
	return finish("procswap", 0);
}

int main(int argc, char **argv)
{
	static const char text[] = "procswap [out|in] PID";
	const char *pid;

	(void)argc;
	argv = operands(text, argv, 1, 2);
	pid = argv[argv[1] != NULL];
	if (!isdigit((unsigned char)pid[0]) || (argv[1] && strcmp(argv[0], "out") != 0 && strcmp(argv[0], "in") != 0))
		usage(text);
	snprintf(path, sizeof(path), "/proc/%s/procswap", pid);
	if (!argv[1])
		return print_state(pid);
	order(pid, argv[0]);
	print_figures(pid, argv[0]);
	return finish("procswap", 0);
}
