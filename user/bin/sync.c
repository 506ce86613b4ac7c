/*
 * sync - what was stored in files is on the disk when this ends.
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
