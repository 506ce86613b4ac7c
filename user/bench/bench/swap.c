/*
 * swap.c - pages per second through the swap area, compared with the disk itself.
 *
 * A private mapping, half as large again as memory or four times as large, is filled, read and written in order, then at
 * random positions. Each line shows how many pages the mapping has, how long the pass took, and how many pages moved.
 *
 * After that the swap disk itself does the same work, in this same run: for each pass as many reads and writes by turns,
 * synchronously, one at a time. In order both are of 128 KiB. At random a page is read for each major fault; writes are of
 * 128 KiB there too, since a swap area may place what it writes where it likes. A pass that reads more than it needs has to
 * make up for it.
 *
 * Times are wall-clock times, since a disk's time is not counted in instructions.
 */
#include "bench.h"

#include <proc.h>
#include <stdio.h>
#include <sys/mman.h>

enum { ACCESSES = 6000 }; /* of a pass that is not in order, at most */

#define MIN(a, b) ((a) < (b) ? (a) : (b))

struct moment {
	uint64_t us;
	long long in, out, major;
};

static struct moment now(void)
{
	return (struct moment){
		.us = disk_clock(),
		.in = proc_number("/proc/vmstat", "pswpin"),
		.out = proc_number("/proc/vmstat", "pswpout"),
		.major = proc_number("/proc/vmstat", "pgmajfault"),
	};
}

static struct moment since(const struct moment *a)
{
	struct moment b = now();

	return (struct moment){ b.us - a->us, b.in - a->in, b.out - a->out, b.major - a->major };
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

	for (unsigned i = 0; i < MIN(n, ACCESSES); i++) {
		unsigned page = random_next() % n;

		bad += word(p, page)[0] != page;
	}
	return bad;
}

static unsigned store_at_random(char *p, unsigned n)
{
	for (unsigned i = 0; i < MIN(n, ACCESSES); i++)
		word(p, random_next() % n)[2] = i;
	return 0;
}

/* What was stored at random is right. Not every page: on a slow disk that takes longer than all other passes. */
static unsigned load_some(char *p, unsigned n)
{
	unsigned bad = 0, step = n / ACCESSES + 1;

	for (unsigned i = 0; i < n; i += step)
		bad += word(p, i)[0] != i || word(p, i)[1023] != i || word(p, i)[1] != i;
	return bad;
}

static const struct pass {
	const char *name, *raw; /* raw: the same work by the disk itself; NULL: not compared */
	unsigned (*go)(char *p, unsigned n);
	bool at_random;
} passes[] = {
	{ "fill", NULL, fill, false },
	{ "seq-read", "raw-seq-read", load_in_order, false },
	{ "seq-write", "raw-seq-write", store_in_order, false },
	{ "rnd-read", "raw-rnd-read", load_at_random, true },
	{ "rnd-write", "raw-rnd-write", store_at_random, true },
	{ "verify", NULL, load_some, false },
};

enum { PASSES = sizeof(passes) / sizeof(passes[0]) };

static unsigned pages_of_memory(unsigned halves)
{
	long long kib = proc_number("/proc/meminfo", "MemAvailable");

	return kib == PROC_ABSENT ? 4096 : kib / 4 * halves / 2;
}

/*
 * The mapping stays from round to round. A clock would include the wait for the disk, so only the
 * number of faults is printed, and tools/bench counts instructions from outside. Every page has been written to swap before,
 * so that the size of memory does not decide how many evictions write.
 */
uint64_t major_faults(unsigned n)
{
	static unsigned pages;
	static char *p;
	long long faults;

	if (!p) {
		pages = pages_of_memory(3);
		p = map_pages(pages, MAP_PRIVATE);
		fill(p, pages);
		load_in_order(p, pages);
	}
	faults = proc_number("/proc/vmstat", "pgmajfault");
	measure_begin();
	for (unsigned i = 0; i < n; i++)
		(void)*word(p, random_next() % pages);
	measure_end();
	printf("%lld major faults\n", proc_number("/proc/vmstat", "pgmajfault") - faults);
	return 0;
}

/* The disk itself, with as many pages as each of PASSED has moved. */
static void compare(const struct moment *passed)
{
	disk_of_swap_begin();
	for (unsigned i = 0; i < PASSES; i++) {
		bool at_random = passes[i].at_random;
		struct disk_mix mix = { .out = passed[i].out, .together = at_random ? 1 : 32, .at_random = at_random };

		mix.in = at_random ? passed[i].major : passed[i].in;
		if (passes[i].raw)
			disk_of_swap_mix(passes[i].raw, &mix);
	}
	disk_of_swap_end();
}

int bench_swap(unsigned pages)
{
	unsigned n = pages ? pages : pages_of_memory(3), bad = 0;
	struct moment passed[PASSES];
	char *p;

	p = map_pages(n, MAP_PRIVATE);
	for (unsigned i = 0; i < PASSES; i++) {
		struct moment a = now();

		random_begin(i);
		bad += passes[i].go(p, n);
		passed[i] = since(&a);
		disk_line(passes[i].name, n, passed[i].us, passed[i].in + passed[i].out, passed[i].major);
	}
	unmap_pages(p, n);
	compare(passed);
	if (bad)
		printf("bench: %u pages came back wrong\n", bad);
	return bad != 0;
}

int bench_swap4(unsigned pages)
{
	return bench_swap(pages ? pages : pages_of_memory(8));
}
