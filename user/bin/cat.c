/*
 * cat - copies files, or standard input, to standard output.
 */
#include "tool.h"

#include <fcntl.h>
#include <unistd.h>

/* Plain read() and write(): stdio would copy every byte a second time. */
static int copy(int fd, const char *name)
{
	static char buffer[16384];
	ssize_t n, done, part;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		for (done = 0; done < n; done += part)
			if ((part = write(STDOUT_FILENO, buffer + done, n - done)) <= 0)
				die("cat", "write error");
	if (n == 0)
		return 0;
	fprintf(stderr, "cat: %s: %s\n", name, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	int worst = 0;

	argv = operands("cat [FILE...]", argv, 0, argc);
	if (!*argv)
		return copy(STDIN_FILENO, "-");
	for (; *argv; argv++) {
		int fd = strcmp(*argv, "-") == 0 ? dup(STDIN_FILENO) : open(*argv, O_RDONLY);

		if (fd < 0) {
			fprintf(stderr, "cat: %s: %s\n", *argv, strerror(errno));
			worst = 1;
			continue;
		}
		worst |= copy(fd, *argv);
		close(fd);
	}
	return worst;
}
