/*
 * mv - gives a file or a directory another name, in its own or in another directory of the same disk.
 */
#include "tool.h"

int main(int argc, char **argv)
{
	if (argc != 3)
		usage("mv FROM TO");
	if (rename(argv[1], in_directory(argv[2], argv[1])) < 0)
		die("mv", argv[1]);
	return 0;
}
