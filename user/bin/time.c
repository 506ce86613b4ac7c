/*
 * time - runs a program, and prints how long it took and its page faults, minor and major.
 */
#include "tool.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long milliseconds(const struct timeval *t)
{
	return t->tv_sec * 1000 + t->tv_usec / 1000;
}

int main(int argc, char **argv)
{
	struct timespec begin, end;
	struct rusage used;
	int status;
	pid_t pid;
	long ms;

	argv = operands("time PROGRAM [ARGUMENT...]", argv, 1, argc);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	pid = fork();
	if (pid == 0) {
		execvp(argv[0], argv);
		fprintf(stderr, "time: %s: %s\n", argv[0], strerror(errno));
		_exit(errno == ENOENT ? 127 : 126);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0)
		die("time", argv[0]);
	clock_gettime(CLOCK_MONOTONIC, &end);
	ms = (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
	fprintf(stderr, "real %ld.%03ld s, user %ld.%03ld s, system %ld.%03ld s; faults %ld, of them with disk %ld\n", ms / 1000,
		ms % 1000, milliseconds(&used.ru_utime) / 1000, milliseconds(&used.ru_utime) % 1000,
		milliseconds(&used.ru_stime) / 1000, milliseconds(&used.ru_stime) % 1000, used.ru_minflt + used.ru_majflt,
		used.ru_majflt);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
