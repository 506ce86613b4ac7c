/*
 * asleep.h - to wait until another task sleeps in a call, with /proc/PID/stat.
 */
#ifndef USER_TEST_ASLEEP_H
#define USER_TEST_ASLEEP_H

#include "check.h"

#include <sched.h>

/* Yields until the task PID, which has set *READY before its call, is in state S. */
static inline void asleep_wait(pid_t pid, const volatile int *ready)
{
	char path[32], line[100] = "";

	while (!*ready)
		sched_yield();
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (!strstr(line, ") S")) {
		int fd = open(path, O_RDONLY);

		CHECK(fd >= 0);
		CHECK(read(fd, line, sizeof(line) - 1) > 0);
		close(fd);
		sched_yield();
	}
}

#endif
