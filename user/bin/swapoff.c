/*
 * swapoff - the swap area is emptied into memory and given up; it is refused where memory cannot hold it.
 */
#include "tool.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2)
		usage("swapoff DISK");
	if (swapoff(argv[1]) < 0)
		die("swapoff", argv[1]);
	return 0;
}
