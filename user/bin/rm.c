/*
 * rm - removes files; -f says nothing about those that are not there, -d takes empty directories.
 */
#include "tool.h"

#include <stdbool.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	bool force = false, directories = false;
	int status = 0, i;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		force |= strchr(argv[i], 'f') != NULL;
		directories |= strchr(argv[i], 'd') != NULL;
	}
	if (i == argc)
		usage("rm [-f] [-d] FILE...");
	for (; i < argc; i++) {
		if (unlink(argv[i]) == 0 || (directories && rmdir(argv[i]) == 0))
			continue;
		if (force && errno == ENOENT)
			continue;
		perror(argv[i]);
		status = 1;
	}
	return status;
}
