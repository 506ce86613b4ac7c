/*
 * ln - gives a file one more name; -s: makes a symbolic link, whatever its target.
 */
#include "tool.h"

#include <stdbool.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	bool symbolic = argc > 1 && strcmp(argv[1], "-s") == 0;
	const char *name;

	argc -= symbolic;
	argv += symbolic;
	if (argc != 3)
		usage("ln [-s] TARGET NAME");
	name = in_directory(argv[2], argv[1]);
	if ((symbolic ? symlink : link)(argv[1], name) < 0)
		die("ln", name);
	return 0;
}
