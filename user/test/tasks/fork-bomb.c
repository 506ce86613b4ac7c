/*
 * fork-bomb - a task that forks for ever, as do its children: fork fails in the end, and all tasks can
 * be stopped.
 *
 * The tasks share a page and a pipe. The page counts the tasks that were created and the forks that
 * failed; when there are enough of either, all tasks wait for the end of the pipe, which comes when this
 * task closes it.
 */
#include "check.h"

#include <time.h>

enum { ENOUGH = 300 };

static struct fuse {
	volatile int made, refused;
} *fuse;

static bool burnt_down(void)
{
	return fuse->made >= ENOUGH || fuse->refused > 0;
}

static void explode(int end)
{
	char byte;

	while (!burnt_down()) {
		pid_t pid = fork();

		if (pid < 0) {
			CHECK(errno == EAGAIN || errno == ENOMEM);
			__sync_fetch_and_add(&fuse->refused, 1);
		}
		if (pid == 0)
			__sync_fetch_and_add(&fuse->made, 1);
	}
	CHECK_EQ(read(end, &byte, 1), 0);
	while (wait(NULL) > 0)
		;
	_exit(0);
}

static void leave(void *unused)
{
	(void)unused;
	_exit(3);
}

int main(void)
{
	int status, end[2];
	pid_t pid;

	fuse = (struct fuse *)check_shared(1);
	CHECK_EQ(pipe(end), 0);
	pid = fork();
	if (pid == 0) {
		close(end[1]);
		explode(end[0]);
	}
	CHECK(pid > 0);
	for (int i = 0; i < 1000 && !burnt_down(); i++)
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	close(end[0]);
	close(end[1]);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	/* Without memory it may have been killed instead of being refused. */
	CHECK(status == 0 || WTERMSIG(status) == SIGKILL);
	CHECK(fuse->made > 5);
	/* New tasks can be created again. */
	CHECK_EQ(check_in_child(leave, NULL), 3 << 8);
	return CHECK_OK();
}
