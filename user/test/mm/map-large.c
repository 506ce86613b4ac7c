/*
 * map-large - a file of holes, far larger than memory, written through a shared mapping in random order and read again. Most of
 * its pages must have gone to the disk in between.
 *
 * Argument: pages (default 2,048: 8 MiB).
 */
#include "check.h"

static uint32_t word_of(uint32_t page)
{
	return page * 2654435761u + 12345;
}

int main(int argc, char **argv)
{
	uint32_t pages = argc > 1 ? atoi(argv[1]) : 2048;
	int fd = open("map-large.tmp", O_RDWR | O_CREAT | O_TRUNC, 0644);
	long long before = check_counter("writeback");
	uint32_t *p, *end;

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, pages * PAGE), 0);
	p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	for (uint32_t i = 0, page = 0; i < pages; i++, page = (page + 1237) % pages) {
		p[page * (PAGE / 4) + page % 1000] = word_of(page);
		end = &p[page * (PAGE / 4) + 1023];
		CHECK_EQ(*end, 0);
		*end = page;
	}
	for (uint32_t page = 0; page < pages; page++) {
		CHECK_EQ(p[page * (PAGE / 4) + page % 1000], word_of(page));
		CHECK_EQ(p[page * (PAGE / 4) + 1023], page);
	}
	if (argc > 2)
		CHECK_ROSE("writeback", before, pages / 2);
	CHECK_EQ(munmap(p, pages * PAGE), 0);
	close(fd);
	if (argc <= 2)
		CHECK_EQ(unlink("map-large.tmp"), 0);
	return CHECK_OK();
}
