/*
 * fork-many - hundreds of forks one after the other, and as many children at once as possible.
 */
#include "check.h"

enum { AT_ONCE = 40 };

static void in_a_row(void)
{
	volatile int *p = (volatile int *)check_private(8);

	for (int n = 0; n < 300; n++) {
		pid_t pid = fork();

		if (pid == 0) {
			p[n % 8 * (PAGE / 4)] = n;
			_exit(n % 200);
		}
		CHECK(pid > 0);
		CHECK_EQ(check_wait(pid), n % 200 << 8);
		CHECK_EQ(p[n % 8 * (PAGE / 4)], 0);
	}
}

/* Children exist until the pipe is closed. When there can be no more fork fails; nothing is lost. */
static void at_once(void)
{
	int fd[2], status, living = 0, ended = 0;
	char byte;

	CHECK_EQ(pipe(fd), 0);
	for (; living < AT_ONCE; living++) {
		pid_t pid = fork();

		if (pid == 0) {
			close(fd[1]);
			CHECK_EQ(read(fd[0], &byte, 1), 0);
			_exit(9);
		}
		if (pid < 0) {
			CHECK(errno == EAGAIN || errno == ENOMEM);
			break;
		}
	}
	CHECK(living > 5);
	close(fd[1]);
	close(fd[0]);
	while (wait(&status) > 0) {
		CHECK_EQ(status, 9 << 8);
		ended++;
	}
	CHECK_EQ(errno, ECHILD);
	CHECK_EQ(ended, living);
}

/* A tree: each child forks two, down to a depth; all are waited for. */
static int tree(int depth)
{
	int status, count = 1;

	for (int i = 0; i < 2 && depth > 0; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(tree(depth - 1));
		CHECK(pid > 0);
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		CHECK(WIFEXITED(status));
		count += WEXITSTATUS(status);
	}
	return count;
}

int main(void)
{
	in_a_row();
	at_once();
	CHECK_EQ(tree(4), 31);
	return CHECK_OK();
}
