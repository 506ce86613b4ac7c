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

	if (argc != 3)
		usage("cp FROM TO");
	from = open(argv[1], O_RDONLY);
	if (from < 0)
		die("cp", argv[1]);
	argv[2] = (char *)in_directory(argv[2], argv[1]);
	to = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (to < 0)
		die("cp", argv[2]);
	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, n) != n)
			die("cp", argv[2]);
	if (n < 0)
		die("cp", argv[1]);
	if (close(to) < 0)
		die("cp", argv[2]);
	return 0;
}
