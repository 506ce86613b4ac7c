/*
 * rmdir - removes empty directories.
 */
#include "tool.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 0;

	if (argc < 2)
		usage("rmdir DIRECTORY...");
	for (int i = 1; i < argc; i++) {
		if (rmdir(argv[i]) < 0) {
			fprintf(stderr, "rmdir: %s: %s\n", argv[i], strerror(errno));
			status = 1;
		}
	}
	return status;
}
