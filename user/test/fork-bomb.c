/*
 * fork-bomb - a task that forks for ever, as do its children: fork fails in the end, and all can be
 * stopped and are gone.
 *
 * The bomb has a fuse, a page that all share: it counts the tasks that were made, and stops them.
 */
#include "check.h"

#include <sched.h>
#include <time.h>

enum { ENOUGH = 300 };

static struct fuse {
	volatile int made, refused, stop;
} *fuse;

static void explode(void)
{
	while (!fuse->stop && fuse->made < ENOUGH) {
		pid_t pid = fork();

		if (pid < 0) {
			CHECK(errno == EAGAIN || errno == ENOMEM);
			__sync_fetch_and_add(&fuse->refused, 1);
			break;
		}
		if (pid == 0)
			__sync_fetch_and_add(&fuse->made, 1);
	}
	while (!fuse->stop)
		nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
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
	int status;
	pid_t pid;

	fuse = (struct fuse *)check_shared(1);
	pid = fork();
	if (pid == 0)
		explode();
	CHECK(pid > 0);
	for (int i = 0; i < 2000 && fuse->made < ENOUGH && !fuse->refused; i++)
		nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
	fuse->stop = 1;
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	/* For want of memory it may have been killed instead of being refused. */
	CHECK(status == 0 || WTERMSIG(status) == SIGKILL);
	CHECK(fuse->made > 5);
	/* There is room again. */
	CHECK_EQ(check_in_child(leave, NULL), 3 << 8);
	return CHECK_OK();
}
