#include <stdio.h>

int main(void)
{
	printf("Hello from %s\n", __FILE__);
	return 0;
}
