/*
 * bench_swap.c - pages in a second through the swap area, beside what the disk itself does.
 *
 * A private mapping half as large again as the memory that is there is filled, read and written in
 * order, then at random places. Each line tells how many pages the pass touched, how long it took,
 * and how many pages moved. After that the disk that swap lies on is read, past every cache, in
 * requests of 128 KiB in order and of a page at random places.
 *
 * Times are of the clock on the wall, for a disk's time is not counted in instructions.
 */
#include "bench.h"

#include <fcntl.h>
#include <proc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct moment {
	uint64_t us;
	long long in, out, major;
};

static struct moment now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct moment){
		.us = (uint64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000,
		.in = proc_number("/proc/vmstat", "pswpin"),
		.out = proc_number("/proc/vmstat", "pswpout"),
		.major = proc_number("/proc/vmstat", "pgmajfault"),
	};
}

/* TOUCHED: pages that the pass went to; MOVED: that the disk read and wrote. */
static void print_line(const char *name, unsigned touched, uint64_t us, long long moved,
		       long long major)
{
	us = us ? us : 1;
	printf("%-12s %6u pages %9llu us %7lld moved %8llu/s %6lld major\n", name, touched,
	       (unsigned long long)us, moved, (unsigned long long)(moved * 1000000ull / us), major);
}

static void print_pass(const char *name, unsigned touched, const struct moment *a,
		       const struct moment *b)
{
	print_line(name, touched, b->us - a->us, b->in - a->in + b->out - a->out,
		   b->major - a->major);
}

static uint32_t state;

/* A linear congruential generator; the low bits are the bad ones. */
static uint32_t next_random(void)
{
	state = state * 1664525 + 1013904223;
	return state >> 8;
}

/* --- the disk itself -------------------------------------------------------------------------- */

static char buffer[32 * PAGE];

static bool read_at(int fd, unsigned page, unsigned bytes)
{
	return lseek(fd, page * PAGE, SEEK_SET) >= 0 && read(fd, buffer, bytes) == (ssize_t)bytes;
}

static void read_disk_in_order(int fd, unsigned pages)
{
	struct moment a = now(), b;
	unsigned done = 0;

	while (done < pages && read_at(fd, done, sizeof(buffer)))
		done += sizeof(buffer) / PAGE;
	b = now();
	print_line("disk-seq", done, b.us - a.us, done, 0);
}

static void read_disk_at_random(int fd, unsigned pages)
{
	struct moment a = now(), b;
	unsigned done = 0;

	while (done < pages / 2 && read_at(fd, next_random() % pages, PAGE))
		done++;
	b = now();
	print_line("disk-rnd", done, b.us - a.us, done, 0);
}

/* The part of it that the pages went to. */
static void read_disk(unsigned pages)
{
	int fd = open("/dev/hdb", O_RDONLY);

	if (fd < 0)
		return;
	read_disk_in_order(fd, pages);
	read_disk_at_random(fd, pages);
	close(fd);
}

/* --- passes over the mapping ------------------------------------------------------------------ */

static volatile unsigned *word(char *pages, unsigned page)
{
	return (volatile unsigned *)(pages + page * PAGE);
}

static unsigned fill(char *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		word(p, i)[0] = word(p, i)[1023] = i;
	return 0;
}

static unsigned load_in_order(char *p, unsigned n)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < n; i++)
		bad += word(p, i)[0] != i || word(p, i)[1023] != i;
	return bad;
}

static unsigned store_in_order(char *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		word(p, i)[1] = i;
	return 0;
}

static unsigned load_at_random(char *p, unsigned n)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned page = next_random() % n;

		bad += word(p, page)[0] != page;
	}
	return bad;
}

static unsigned store_at_random(char *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		word(p, next_random() % n)[2] = i;
	return 0;
}

static const struct pass {
	const char *name;
	unsigned (*go)(char *p, unsigned n);
} passes[] = {
	{ "fill", fill },
	{ "seq-read", load_in_order },
	{ "seq-write", store_in_order },
	{ "rnd-read", load_at_random },
	{ "rnd-write", store_at_random },
	{ "verify", load_in_order },
};

static unsigned default_pages(void)
{
	long long kib = proc_number("/proc/meminfo", "MemAvailable");

	return kib == PROC_ABSENT ? 4096 : kib / 4 * 3 / 2;
}

/*
 * The mapping stays from round to round. A clock would count the waiting for the disk as well, so
 * the faults are only told, and tools/bench counts from outside.
 */
uint64_t major_faults(unsigned n)
{
	static unsigned pages;
	static char *p;
	long long faults;

	if (!p) {
		pages = default_pages();
		p = map_pages(pages, MAP_PRIVATE);
		fill(p, pages);
	}
	faults = proc_number("/proc/vmstat", "pgmajfault");
	measure_begin();
	for (unsigned i = 0; i < n; i++)
		(void)*word(p, next_random() % pages);
	measure_end();
	printf("%lld major faults\n", proc_number("/proc/vmstat", "pgmajfault") - faults);
	return 0;
}

int bench_swap(unsigned pages)
{
	unsigned n = pages ? pages : default_pages(), bad = 0;
	char *p;

	p = map_pages(n, MAP_PRIVATE);
	for (unsigned i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		struct moment a = now(), b;

		state = i;
		bad += passes[i].go(p, n);
		b = now();
		print_pass(passes[i].name, n, &a, &b);
	}
	unmap_pages(p, n);
	read_disk(n);
	if (bad)
		printf("bench: %u pages came back wrong\n", bad);
	return bad != 0;
}
