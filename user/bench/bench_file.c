/*
 * bench_file.c - pages in a second that a shared mapping saves, beside what the disk itself does.
 *
 * A file of holes is mapped and every page stored to, which gives each its block; msync saves all of them; they are stored
 * to again, in order and then one in three, and saved again. After that the disk is read, past every cache, in requests of
 * 128 KiB in order. Times are of the clock on the wall.
 */
#include "bench.h"

#include <fcntl.h>
#include <proc.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const char name[] = "/tmp/bench-file";
static char buffer[32 * PAGE];

static uint64_t microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* In the form of bench_swap.c, for one reader. */
static void print_line(const char *what, unsigned pages, uint64_t us, long long moved)
{
	us = us ? us : 1;
	printf("%-12s %6u pages %9llu us %7lld moved %8llu/s %6d major\n", what, pages, (unsigned long long)us, moved,
	       (unsigned long long)(moved * 1000000ull / us), 0);
}

static void store_every(char *p, unsigned pages, unsigned step)
{
	for (unsigned i = 0; i < pages; i += step)
		*(volatile unsigned *)(p + i * PAGE) += i + 1;
}

/* Stores, saves, and says how long the saving took. */
static void save(const char *what, char *p, unsigned pages, unsigned step)
{
	long long before;
	uint64_t start;

	store_every(p, pages, step);
	before = proc_number("/proc/vmstat", "writeback");
	start = microseconds();
	if (msync(p, pages * PAGE, MS_SYNC) < 0)
		give_up("msync");
	print_line(what, pages / step, microseconds() - start, proc_number("/proc/vmstat", "writeback") - before);
}

static void read_disk(unsigned pages)
{
	int fd = open("/dev/hda", O_RDONLY);
	uint64_t start = microseconds();
	unsigned done = 0;

	while (fd >= 0 && done < pages && read(fd, buffer, sizeof(buffer)) == (ssize_t)sizeof(buffer))
		done += sizeof(buffer) / PAGE;
	print_line("disk-seq", done, microseconds() - start, done);
	close(fd);
}

int bench_file(unsigned pages)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	uint64_t start;
	char *p;

	pages = pages ? pages : 2048;
	if (fd < 0 || ftruncate(fd, pages * PAGE) < 0)
		give_up(name);
	p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		give_up("mmap");
	start = microseconds();
	store_every(p, pages, 1);
	print_line("fill-holes", pages, microseconds() - start, pages);
	save("save-new", p, pages, 1);
	save("save-order", p, pages, 1);
	save("save-third", p, pages, 3);
	read_disk(pages);
	munmap(p, pages * PAGE);
	close(fd);
	unlink(name);
	return 0;
}
