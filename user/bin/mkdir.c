/*
 * mkdir - makes directories.
 */
#include "tool.h"

#include <sys/stat.h>

int main(int argc, char **argv)
{
	int status = 0;

	argv = operands("mkdir DIRECTORY...", argv, 1, argc);
	for (; *argv; argv++) {
		if (mkdir(*argv, 0777) < 0) {
			fprintf(stderr, "mkdir: %s: %s\n", *argv, strerror(errno));
			status = 1;
		}
	}
	return status;
}
