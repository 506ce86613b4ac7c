/*
 * sync - what was stored in files is on the disk when this ends.
 */
#include <unistd.h>

int main(void)
{
	sync();
	return 0;
}
