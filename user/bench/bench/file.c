/*
 * file.c - pages per second that a shared mapping saves, compared with the disk itself.
 *
 * A file of holes is mapped and every page stored to, which allocates its block; msync saves all of them; they are stored
 * to again, in order and then one in three, and saved again. fsync is part of the saving, so that the pages, the inode and
 * what the disk has in its own cache are written on both kernels. After that a disk of the same kind, that with the swap
 * area, is written directly, in requests of 128 KiB in order, one at a time. Times are wall-clock times.
 */
#include "bench.h"

#include <fcntl.h>
#include <proc.h>
#include <sys/mman.h>
#include <unistd.h>

static const char name[] = "/tmp/bench-file";

static void store_every(char *p, unsigned pages, unsigned step)
{
	for (unsigned i = 0; i < pages; i += step)
		*(volatile unsigned *)(p + i * PAGE) += i + 1;
}

/* => how many pages the kernel has written since BEFORE; without such a counter those that it had to */
static long long written(long long before, unsigned stored)
{
	return before == PROC_ABSENT ? stored : proc_number("/proc/vmstat", "writeback") - before;
}

/* Stores, saves, and prints how long the saving took. */
static void save(const char *what, int fd, char *p, unsigned pages, unsigned step)
{
	long long before;
	uint64_t start;

	store_every(p, pages, step);
	before = proc_number("/proc/vmstat", "writeback");
	start = disk_clock();
	if (msync(p, pages * PAGE, MS_SYNC) < 0 || fsync(fd) < 0)
		give_up("msync");
	disk_line(what, pages / step, disk_clock() - start, written(before, pages / step), 0);
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
	start = disk_clock();
	store_every(p, pages, 1);
	disk_line("fill-holes", pages, disk_clock() - start, pages, 0);
	save("save-new", fd, p, pages, 1);
	save("save-order", fd, p, pages, 1);
	save("save-third", fd, p, pages, 3);
	disk_of_swap_begin();
	disk_of_swap_mix("raw-write", &(struct disk_mix){ 0, pages, 32, false });
	disk_of_swap_end();
	munmap(p, pages * PAGE);
	close(fd);
	unlink(name);
	return 0;
}
