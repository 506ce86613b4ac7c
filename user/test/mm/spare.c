/*
 * spare - /proc/PID/oom_score_adj is obeyed when memory is exhausted: a task with a higher value is killed before one that holds
 * more, and one that is exempt stays, though it holds most.
 *
 * It uses up all memory: only on Shisho, where everything else survives that.
 */
#include "file.h"

enum { MIB = 1 << 20 };

/* Starts a child that holds PAGES; with 0 it takes more until it is killed. */
static pid_t hold(const char *text, int pages)
{
	int ready[2];
	char byte;
	pid_t child;

	CHECK_EQ(pipe(ready), 0);
	child = fork();
	if (!child) {
		CHECK_EQ(file_set("/proc/self/oom_score_adj", text), 0);
		for (int i = 0; !pages || i < pages; i++)
			*check_private(1) = 1;
		CHECK_EQ(write(ready[1], "r", 1), 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (pages)
		CHECK_EQ(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

int main(void)
{
	pid_t spared, offered, greedy;
	int status;

	if (check_counter("syscalls") == PROC_ABSENT)
		return CHECK_OK();
	spared = hold("-1000", 3 * MIB / PAGE);
	offered = hold("500", 20);
	greedy = hold("0", 0);
	CHECK_EQ(wait(&status), offered);
	CHECK_EQ(status, SIGKILL);
	CHECK_EQ(wait(&status), greedy);
	CHECK_EQ(status, SIGKILL);
	CHECK_EQ(waitpid(spared, &status, WNOHANG), 0);
	CHECK_EQ(kill(spared, SIGKILL), 0);
	CHECK_EQ(wait(&status), spared);
	return CHECK_OK();
}
