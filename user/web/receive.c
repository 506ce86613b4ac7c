/*
 * receive - writes what the terminal sends, up to Ctrl-D, to a file. It is on the disk of `make web CC=1` only: so the page's
 * editor sends a program.
 *
 * The terminal does not echo meanwhile, and its lines may have any length. The byte ENQ says that it is ready.
 */
#include "bin/tool.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

enum { ENQ = 5, EOT = 4, AT_ONCE = 200 };

/* Copies up to EOT. => false, and errno: it cannot */
static bool copy(int fd)
{
	char bytes[AT_ONCE];

	for (;;) {
		ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));
		const char *end = n > 0 ? memchr(bytes, EOT, n) : NULL;

		if (end)
			n = end - bytes;
		if (n < 0 || write(fd, bytes, n) != n)
			return false;
		if (end)
			return true;
	}
}

int main(int argc, char **argv)
{
	const char *path = operands("receive FILE", argv, 1, 1)[0];
	struct termios found, raw;
	bool copied;
	int fd;

	(void)argc;
	if (tcgetattr(STDIN_FILENO, &found) < 0)
		die("receive", "standard input");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0)
		die("receive", path);
	raw = found;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_cc[VMIN] = AT_ONCE;
	raw.c_cc[VTIME] = 1;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	write(STDOUT_FILENO, &(char){ ENQ }, 1);
	copied = copy(fd);
	tcsetattr(STDIN_FILENO, TCSANOW, &found);
	if (!copied)
		die("receive", path);
	return 0;
}
