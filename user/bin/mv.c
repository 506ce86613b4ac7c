/*
 * mv - renames a file or a directory, within its directory or into another one on the same disk.
 */
#include "tool.h"

int main(int argc, char **argv)
{
	(void)argc;
	argv = operands("mv FROM TO", argv, 2, 2);
	if (rename(argv[0], in_directory(argv[1], argv[0])) < 0)
		die("mv", argv[0]);
	return 0;
}
