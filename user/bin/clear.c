/*
 * clear - empties the screen.
 */
#include "tool.h"

int main(void)
{
	printf("\033[H\033[J");
	return finish("clear", 0);
}
