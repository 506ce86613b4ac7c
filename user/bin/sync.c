/*
 * sync - writes everything that was stored in files to the disk.
 */
#include "tool.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argc;
	operands("sync", argv, 0, 0);
	sync();
	return 0;
}
