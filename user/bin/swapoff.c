/*
 * swapoff - the swap area is emptied into memory and given up; it is refused where memory cannot hold it.
 */
#include "tool.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argc;
	argv = operands("swapoff DISK", argv, 1, 1);
	if (swapoff(argv[0]) < 0)
		die("swapoff", argv[0]);
	return 0;
}
