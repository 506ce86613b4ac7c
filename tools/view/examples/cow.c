/*
 * fork copies no memory: parent and child share each page
 * until one of them stores to it. Watch: the split corners,
 * and a copy at each store.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 12 };

int main(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = 'p';
	if (fork() == 0) {
		for (int i = 0; i < 4; i++)
			p[i * PAGE] = 'c';	/* the child gets a copy */
		_exit(0);
	}
	wait(NULL);
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE]++;			/* nobody shares it now */
	printf("the parent's first page holds %c\n", p[0]);
	return 0;
}
