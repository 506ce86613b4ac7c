/*
 * procswap.h - the orders of /proc/PID/procswap, which only Shisho has; on Linux they do nothing, and the checks hold there too.
 */
#ifndef USER_TEST_PROCSWAP_H
#define USER_TEST_PROCSWAP_H

#include "file.h"

static inline int procswap_open(pid_t pid, int mode)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/procswap", pid);
	return open(path, mode);
}

static inline bool procswap_exists(void)
{
	int fd = procswap_open(getpid(), O_RDONLY);

	close(fd);
	return fd >= 0;
}

/* => 0 or the error's number; ENOENT on Linux */
static inline int procswap_order(pid_t pid, const char *order)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/procswap", pid);
	return file_set(path, order) == 0 ? 0 : errno;
}

/* A figure of /proc/PID/procswap. */
static inline long long procswap_figure(pid_t pid, const char *key)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/procswap", pid);
	return proc_number(path, key);
}

#endif
