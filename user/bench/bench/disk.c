/*
 * disk.c - what measurements that wait for a disk share: wall-clock time, a line for each pass, and the disk itself, read and
 * written past every cache.
 */
#include "bench.h"

#include <fcntl.h>
#include <proc.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { O_DIRECT = 040000 }; /* the library has no use for it */

static char buffer[32 * PAGE] __attribute__((aligned(PAGE)));
static uint32_t state;

void random_begin(uint32_t seed)
{
	state = seed;
}

/* A linear congruential generator; the low bits are the bad ones. */
uint32_t random_next(void)
{
	state = state * 1664525 + 1013904223;
	return state >> 8;
}

uint64_t disk_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void disk_line(const char *name, unsigned touched, uint64_t us, long long moved, long long major)
{
	us = us ? us : 1;
	printf("%-12s %6u pages %9llu us %7lld moved %8llu/s %6lld major\n", name, touched,
	       (unsigned long long)us, moved, (unsigned long long)(moved * 1000000ull / us), major);
}

/* Past every cache: Linux has one for disks. */
static int open_disk(const char *disk)
{
	return open(disk, O_RDONLY | O_DIRECT);
}

#define BATCH (sizeof(buffer) / PAGE) /* pages in a large request */

static bool read_at(int fd, unsigned page, unsigned bytes)
{
	return lseek(fd, page * PAGE, SEEK_SET) >= 0 && read(fd, buffer, bytes) == (ssize_t)bytes;
}

const char *disk_of_swap(void)
{
	static char path[64];

	return proc_swap_path(path, sizeof(path)) ? path : "";
}

void disk_read_in_order(const char *disk, unsigned pages)
{
	int fd = open_disk(disk);
	uint64_t start = disk_clock();
	unsigned done = 0;

	while (fd >= 0 && done < pages && read_at(fd, done, sizeof(buffer)))
		done += sizeof(buffer) / PAGE;
	disk_line("disk-seq", done, disk_clock() - start, done, 0);
	close(fd);
}

/* --- reads and writes by turns ---------------------------------------------------------------- */

static struct {
	const char *path;
	int fd;
	unsigned half; /* pages of the area that are read; as many behind them are written */
} area = { .fd = -1 };

void disk_of_swap_begin(void)
{
	area.half = proc_number("/proc/meminfo", "SwapTotal") / 4 / 2;
	area.path = disk_of_swap();
	if (!area.path[0] || area.half <= BATCH)
		return;
	if (swapoff(area.path) < 0)
		give_up("swapoff");
	area.fd = open(area.path, O_RDWR | O_DIRECT);
	if (area.fd < 0)
		give_up(area.path);
}

void disk_of_swap_end(void)
{
	if (area.fd < 0)
		return;
	close(area.fd);
	area.fd = -1;
	if (swapon(area.path, 0) < 0)
		give_up("swapon");
}

/* Reads or writes N pages; the first page of the area is its header. */
static void move(bool write_them, unsigned page, unsigned n)
{
	ssize_t bytes = n * PAGE, moved;

	lseek(area.fd, (1 + page) * PAGE, SEEK_SET);
	moved = write_them ? write(area.fd, buffer, bytes) : read(area.fd, buffer, bytes);
	if (moved != bytes)
		give_up(area.path);
}

void disk_of_swap_mix(const char *name, const struct disk_mix *mix)
{
	unsigned in = 0, out = 0;
	uint64_t start = disk_clock();

	if (area.fd < 0)
		return;
	while (in < mix->in || out < mix->out) {
		/* whichever is behind its share */
		if (in < mix->in && (out >= mix->out || (uint64_t)in * mix->out <= (uint64_t)out * mix->in)) {
			move(false, (mix->at_random ? random_next() : in) % (area.half - mix->together), mix->together);
			in += mix->together;
		} else {
			move(true, area.half + out % (area.half - BATCH), BATCH);
			out += BATCH;
		}
	}
	disk_line(name, in + out, disk_clock() - start, in + out, 0);
}
