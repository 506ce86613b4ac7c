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

	if (argc < 2)
		usage("touch FILE...");
	for (int i = 1; i < argc; i++) {
		int fd = open(argv[i], O_WRONLY | O_CREAT, 0666);

		/* A directory cannot be opened for writing, but its times can be set. */
		if ((fd < 0 && errno != EISDIR) || syscall(SYS_utimensat, AT_FDCWD, argv[i], NULL, 0) < 0) {
			perror(argv[i]);
			status = 1;
		}
		if (fd >= 0)
			close(fd);
	}
	return status;
}
