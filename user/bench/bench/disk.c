/*
 * disk.c - what measurements that wait for a disk share: wall-clock time, a line for each pass, and direct reads of the
 * disk.
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

static bool read_at(int fd, unsigned page, unsigned bytes)
{
	return lseek(fd, page * PAGE, SEEK_SET) >= 0 && read(fd, buffer, bytes) == (ssize_t)bytes;
}

const char *disk_of_swap(void)
{
	static char path[64];

	return proc_swap_path(path, sizeof(path)) ? path : "";
}

const char *disk_first(void)
{
	static const char *const paths[] = { "/dev/hda", "/dev/sda", "/dev/vda" };
	size_t last = sizeof(paths) / sizeof(paths[0]) - 1, i = 0;

	/* A name may exist whether the disk does or not. */
	for (; i < last; i++) {
		int fd = open_disk(paths[i]);
		bool there = fd >= 0 && read_at(fd, 0, PAGE);

		close(fd);
		if (there)
			break;
	}
	return paths[i];
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

void disk_read_at_random(const char *disk, unsigned pages)
{
	int fd = open_disk(disk);
	uint64_t start = disk_clock();
	unsigned done = 0;

	while (fd >= 0 && done < pages / 2 && read_at(fd, random_next() % pages, PAGE))
		done++;
	disk_line("disk-rnd", done, disk_clock() - start, done, 0);
	close(fd);
}
