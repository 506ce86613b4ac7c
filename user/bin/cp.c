/*
 * cp - copies a file.
 */
#include "tool.h"

#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char buf[16384];
	int from, to, n;

	(void)argc;
	argv = operands("cp FROM TO", argv, 2, 2);
	from = open(argv[0], O_RDONLY);
	if (from < 0)
		die("cp", argv[0]);
	argv[1] = (char *)in_directory(argv[1], argv[0]);
	to = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (to < 0)
		die("cp", argv[1]);
	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, n) != n)
			die("cp", argv[1]);
	if (n < 0)
		die("cp", argv[0]);
	if (close(to) < 0)
		die("cp", argv[1]);
	return 0;
}
