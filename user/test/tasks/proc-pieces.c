/*
 * proc-pieces - a long text of /proc can be read though free memory is fragmented.
 *
 *	proc-pieces [REST]
 *
 * Page after page is taken until REST frames are free, and every second one is given back: then few free frames are
 * adjacent. Without REST this is done with one MiB only.
 */
#include "check.h"

enum { REGIONS = 2000, SOME = 256, MOST = 1 << 15 };

/* Every second page has another protection: a region for each. */
static char *make_regions(void)
{
	char *p = check_private(REGIONS);

	for (int i = 0; i < REGIONS; i += 2)
		CHECK_EQ(mprotect(p + i * PAGE, PAGE, PROT_READ), 0);
	return p;
}

/* => how many lines of smaps begin like this, read in pieces of odd sizes */
static int count_lines(const char *start)
{
	static char text[3000];
	int fd = open("/proc/self/smaps", O_RDONLY), lines = 0, matched = 0;
	ssize_t n;

	CHECK(fd >= 0);
	while ((n = read(fd, text, sizeof(text) - lines % 7)) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (matched >= 0)
				matched = text[i] == start[matched] ? matched + 1 : -1;
			if (matched >= 0 && !start[matched]) {
				lines++;
				matched = -1;
			}
			if (text[i] == '\n')
				matched = 0;
		}
	}
	CHECK_EQ(n, 0);
	close(fd);
	return lines;
}

/* => the number of pages */
static size_t take(char *memory, long long rest)
{
	size_t taken = 0;

	while (taken < (rest ? MOST : SOME) && (!rest || check_counter("nr_free_pages") > rest))
		memory[taken++ * PAGE] = 1;
	return taken;
}

int main(int argc, char **argv)
{
	char *regions = make_regions();
	char *memory = check_map((size_t)MOST * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE);
	size_t taken = take(memory, argc > 1 ? atoi(argv[1]) : 0);

	for (size_t i = 0; i < taken; i += 2)
		CHECK_EQ(madvise(memory + i * PAGE, PAGE, MADV_DONTNEED), 0);
	for (int i = 0; i < 3; i++) {
		int lines = count_lines("Size:");

		CHECK(lines >= REGIONS && lines < REGIONS + 50);
		CHECK_EQ(count_lines("Pss:"), lines);
	}
	CHECK_EQ(munmap(regions, REGIONS * PAGE), 0);
	CHECK(count_lines("Size:") < 50);
	return CHECK_OK();
}
