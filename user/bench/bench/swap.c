/*
 * swap.c - pages per second through the swap area, compared with the disk itself.
 *
 * A private mapping half as large again as memory is filled, read and written in order, then at
 * random positions. Each line shows how many pages the pass touched, how long it took, and how many
 * pages moved. After that the swap disk is read directly, in requests of 128 KiB in order and of one
 * page at random positions.
 *
 * Times are wall-clock times, since a disk's time is not counted in instructions.
 */
#include "bench.h"

#include <proc.h>
#include <stdio.h>
#include <sys/mman.h>

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

static void print_pass(const char *name, unsigned touched, const struct moment *a,
		       const struct moment *b)
{
	disk_line(name, touched, b->us - a->us, b->in - a->in + b->out - a->out, b->major - a->major);
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
		unsigned page = random_next() % n;

		bad += word(p, page)[0] != page;
	}
	return bad;
}

static unsigned store_at_random(char *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		word(p, random_next() % n)[2] = i;
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
		pages = default_pages();
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

int bench_swap(unsigned pages)
{
	unsigned n = pages ? pages : default_pages(), bad = 0;
	char *p;

	p = map_pages(n, MAP_PRIVATE);
	for (unsigned i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		struct moment a = now(), b;

		random_begin(i);
		bad += passes[i].go(p, n);
		b = now();
		print_pass(passes[i].name, n, &a, &b);
	}
	unmap_pages(p, n);
	disk_read_in_order(disk_of_swap(), n);
	disk_read_at_random(disk_of_swap(), n);
	if (bad)
		printf("bench: %u pages came back wrong\n", bad);
	return bad != 0;
}
