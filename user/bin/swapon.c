/*
 * swapon - a disk that mkswap has prepared becomes the swap area.
 */
#include "tool.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2)
		usage("swapon DISK");
	if (swapon(argv[1], 0) < 0)
		die("swapon", argv[1]);
	return 0;
}
