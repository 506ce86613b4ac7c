/*
 * each-failure - `each-failure RUNS PROGRAM [ARGUMENT...]`: runs a test program again and again while every N-th allocation from
 * the kernel's heap fails, with another N each time. Its result does not matter, but it must end, and nothing may be
 * lost: the kernel checks that.
 *
 * N is large enough for most programs to start: exec allocates too. Without arguments it does nothing.
 */
#include "file.h"

enum { SECONDS = 30 };	/* a run takes one; the host may be slow */

static volatile pid_t running;

static void end_it(int signal)
{
	(void)signal;
	kill(-running, SIGKILL);
}

static void order(unsigned n)
{
	char text[20];

	snprintf(text, sizeof(text), n ? "heap:%u" : "off", n);
	CHECK_EQ(file_set("/proc/sys/vm/fail", text), 0);
}

static void run(char *const argv[])
{
	char *const none[] = { NULL };
	int fd = open("/dev/null", O_WRONLY);

	setpgid(0, 0);
	dup2(fd, STDOUT_FILENO);
	execve(argv[0], argv, none);
	_exit(125);
}

/* => the wait status of a run; -1: there was none, or it did not end */
static int run_failing(unsigned n, char *const argv[])
{
	int status = -1;

	order(n);
	running = fork();
	if (running == 0)
		run(argv);
	if (running > 0) {
		alarm(SECONDS);
		while (waitpid(running, &status, 0) < 0)
			;
		alarm(0);
		kill(-running, SIGKILL); /* children that it left behind */
	}
	order(0);
	return status;
}

int main(int argc, char **argv)
{
	int runs = argc > 2 ? strtol(argv[1], NULL, 0) : 0, passed = 0, failed = 0, not_begun = 0, too_long = 0;

	signal(SIGALRM, end_it);
	for (int i = 0; i < runs; i++) {
		int status = run_failing(20 + i * 3, argv + 2);

		passed += status == 0;
		not_begun += status == -1 || status == 125 << 8;
		too_long += status == SIGKILL;
		failed += status > 0 && status != 125 << 8;
	}
	if (runs)
		printf("passed %d\nfailed %d\nnot_begun %d\nkilled %d\n", passed, failed, not_begun, too_long);
	fflush(stdout);
	return CHECK_OK();
}
