/*
 * clear - empties the screen.
 */
#include "tool.h"

int main(int argc, char **argv)
{
	(void)argc;
	operands("clear", argv, 0, 0);
	printf("\033[H\033[J");
	return finish("clear", 0);
}
