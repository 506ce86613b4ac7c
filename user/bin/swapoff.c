/*
 * swapoff - brings the pages of the swap area back into memory and detaches it; refused if memory cannot hold them.
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
