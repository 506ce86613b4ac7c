/*
 * A file in memory: what is stored there goes to the disk by
 * itself, or with msync. Watch: the lined pages, and the disk
 * at the bottom.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 8 };

int main(void)
{
	int fd = open("notes", O_RDWR | O_CREAT | O_TRUNC, 0666);
	char line[30] = "", *p;

	ftruncate(fd, PAGES * PAGE);
	p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		 MAP_SHARED, fd, 0);
	for (int i = 0; i < PAGES; i += 2)
		strcpy(p + i * PAGE, "written to memory");
	msync(p, PAGES * PAGE, MS_SYNC);
	lseek(fd, 2 * PAGE, SEEK_SET);
	read(fd, line, sizeof(line) - 1);
	printf("the file says: %s\n", line);
	return 0;
}
