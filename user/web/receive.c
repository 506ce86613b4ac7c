/*
 * receive - writes what the terminal sends, up to Ctrl-D, to a file. It is on the disk of `make web CC=1` only: so the page's
 * editor sends a program.
 *
 * The terminal does not echo meanwhile. The byte ENQ says that it is ready. Lines end at the terminal's limit of 4095 bytes.
 */
#include "bin/tool.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

enum { ENQ = 5 };

/* Copies up to Ctrl-D. => false, and errno: it cannot */
static bool copy(int fd)
{
	char line[4096];
	ssize_t n;

	while ((n = read(STDIN_FILENO, line, sizeof(line))) > 0)
		if (write(fd, line, n) != n)
			return false;
	return n == 0;
}

int main(int argc, char **argv)
{
	const char *path = operands("receive FILE", argv, 1, 1)[0];
	struct termios found, silent;
	bool copied;
	int fd;

	(void)argc;
	if (tcgetattr(STDIN_FILENO, &found) < 0)
		die("receive", "standard input");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0)
		die("receive", path);
	silent = found;
	silent.c_lflag &= ~ECHO;
	tcsetattr(STDIN_FILENO, TCSANOW, &silent);
	write(STDOUT_FILENO, &(char){ ENQ }, 1);
	copied = copy(fd);
	tcsetattr(STDIN_FILENO, TCSANOW, &found);
	if (!copied)
		die("receive", path);
	return 0;
}
