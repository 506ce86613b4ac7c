/*
 * swapon - uses a disk that mkswap has prepared as the swap area.
 */
#include "tool.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argc;
	argv = operands("swapon DISK", argv, 1, 1);
	if (swapon(argv[0], 0) < 0)
		die("swapon", argv[0]);
	return 0;
}
