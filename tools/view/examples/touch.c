/*
 * To reserve memory costs nothing: a page gets a frame when
 * it is touched. Watch: one page more at each fault (Shift
 * and the arrows).
 */
#include <stdio.h>
#include <sys/mman.h>

enum { PAGE = 4096, PAGES = 24 };

int main(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = 0;

	for (int i = 0; i < PAGES; i += 3)
		p[i * PAGE] = i;		/* a store: a frame of its own */
	for (int i = 1; i < PAGES; i += 3)
		sum += p[i * PAGE];		/* a load: the page of zeros */
	printf("%d pages were stored to\n", PAGES / 3);
	printf("%d were read, their sum is %d\n", PAGES / 3, sum);
	return 0;
}
