/*
 * paths.c - calls that are a system call behind a name: a program found along PATH, a shared
 * memory object that is a file in /dev/shm.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Tries NAME in each folder of PATH; the error of the last attempt that found a file counts. */
int execvp(const char *name, char *const argv[])
{
	const char *path = getenv("PATH");
	char full[PATH_MAX];
	int error = ENOENT;
	size_t n;

	if (strchr(name, '/'))
		return execve(name, argv, environ);
	for (path = path ? path : "/bin"; ; path += n + 1) {
		n = strcspn(path, ":");
		snprintf(full, sizeof(full), "%.*s/%s", (int)n, path, name);
		execve(full, argv, environ);
		if (errno != ENOENT && errno != ENOTDIR)
			error = errno;
		if (path[n] == '\0')
			break;
	}
	errno = error;
	return -1;
}

static bool shm_path(char to[PATH_MAX], const char *name)
{
	while (*name == '/')
		name++;
	if (*name && !strchr(name, '/') && strlen(name) < 256) {
		snprintf(to, PATH_MAX, "/dev/shm/%s", name);
		return true;
	}
	errno = EINVAL;
	return false;
}

int shm_open(const char *name, int flags, mode_t mode)
{
	char path[PATH_MAX];

	return shm_path(path, name) ? open(path, flags | O_CLOEXEC, mode) : -1;
}

int shm_unlink(const char *name)
{
	char path[PATH_MAX];

	return shm_path(path, name) ? unlink(path) : -1;
}
