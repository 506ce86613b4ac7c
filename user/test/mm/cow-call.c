/*
 * cow-call - a store by the kernel on behalf of a task, into a page that is copied on write, is
 * visible to that task only.
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>

static char *p;

static void from_a_pipe(void *unused)
{
	int fd[2];

	(void)unused;
	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(write(fd[1], "written by the kernel", 21), 21);
	CHECK_EQ(read(fd[0], p + PAGE - 10, 21), 21);
	CHECK_EQ(memcmp(p + PAGE - 10, "written by the kernel", 21), 0);
}

static void by_other_calls(void *unused)
{
	(void)unused;
	CHECK_EQ(fstat(0, (struct stat *)(p + 100)), 0);
	CHECK_EQ(uname((struct utsname *)(p + 1000)), 0);
	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, (struct timespec *)(p + PAGE - 4)), 0);
	CHECK(getcwd(p + PAGE + 500, 100) != NULL);
	CHECK_EQ(pipe((int *)(p + PAGE + 1000)), 0);
}

int main(void)
{
	p = check_private(2);
	memset(p, 'p', 2 * PAGE);
	CHECK_SIGNAL(from_a_pipe, NULL, 0);
	CHECK_SIGNAL(by_other_calls, NULL, 0);
	for (int i = 0; i < 2 * PAGE; i++)
		CHECK_EQ(p[i], 'p');
	return CHECK_OK();
}
