/*
 * tour.c - a program small enough to watch: `make view SCENARIO=tour` runs it alone in 24 frames, with 16 swap slots.
 *
 * It fills 24 pages, one after another. Code, stack and the pages of the disk's directories need frames too, so not all fit.
 * Then it uses four of its pages again and again, with a look at each of the others in between: those come back from their
 * slots, and the four are found in memory most of the time. It uses neither printf nor malloc, so its code is one page.
 */
#include <sys/mman.h>
#include <unistd.h>

#define MEMORY ((void *)0x100000) /* so that its pages are called 100, 101, ... */

enum { PAGE = 4096, PAGES = 24, HOT = 4 };

int main(void)
{
	volatile char *memory = mmap(MEMORY, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	int sum = 0;

	if (memory == MAP_FAILED)
		return 1;
	for (int i = 0; i < PAGES; i++)
		memory[i * PAGE] = (char)i;
	for (int i = HOT; i < PAGES; i++) {
		for (int hot = 0; hot < HOT; hot++)
			sum += memory[hot * PAGE];
		sum += memory[i * PAGE];
	}
	return sum == 0;
}
