/*
 * rmdir - removes empty directories.
 */
#include "tool.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	int status = 0;

	argv = operands("rmdir DIRECTORY...", argv, 1, argc);
	for (; *argv; argv++) {
		if (rmdir(*argv) < 0) {
			fprintf(stderr, "rmdir: %s: %s\n", *argv, strerror(errno));
			status = 1;
		}
	}
	return status;
}
