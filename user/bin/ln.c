/*
 * ln - gives a file another name; -s makes a symbolic link, whether its target exists or not.
 */
#include "tool.h"

#include <stdbool.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char text[] = "ln [-s] TARGET NAME";
	bool symbolic = false;
	const char *name;

	(void)argc;
	argv++;
	while (next_option(text, "s", &argv))
		symbolic = true;
	if (!argv[0] || !argv[1] || argv[2])
		usage(text);
	name = in_directory(argv[1], argv[0]);
	if ((symbolic ? symlink : link)(argv[0], name) < 0)
		die("ln", name);
	return 0;
}
