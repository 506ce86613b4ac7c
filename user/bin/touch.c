/*
 * touch - creates files that do not exist, and sets the times of the others to now.
 */
#include "tool.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 0;

	argv = operands("touch FILE...", argv, 1, argc);
	for (; *argv; argv++) {
		int fd = open(*argv, O_WRONLY | O_CREAT, 0666);

		/* A directory cannot be opened for writing, but its times can be set. */
		if ((fd < 0 && errno != EISDIR) || syscall(SYS_utimensat, AT_FDCWD, *argv, NULL, 0) < 0) {
			fprintf(stderr, "touch: %s: %s\n", *argv, strerror(errno));
			status = 1;
		}
		if (fd >= 0)
			close(fd);
	}
	return status;
}
