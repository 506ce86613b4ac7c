/*
 * bench - measures the processor ticks of paths through the kernel.
 *
 *	bench			every path: name, median, minimum and maximum of ticks
 *	bench NAME...		only these; `major`, faults that read swap, for tools/bench alone
 *	bench --wait NAME N	for tools/bench/profile: warms up, prints "ready", waits for a line, then runs
 *				the path N times
 *	bench swap [PAGES]	pages in a second through the swap area (swap.c); swap4: with 4 times memory
 *	bench procswap [PAGES]	the same for whole tasks (procswap.c)
 *	bench file [PAGES]	pages in a second that a shared mapping saves (file.c)
 *
 * Each figure is the median of several rounds, and each round runs the path often enough for loop and
 * clock to be negligible. The same program runs on Linux; paths that a system lacks are left out.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS 9

__attribute__((noinline)) uint64_t measure_begin(void)
{
	return ticks();
}

__attribute__((noinline)) uint64_t measure_end(void)
{
	return ticks();
}

void give_up(const char *what)
{
	perror(what);
	exit(1);
}

char *map_pages(unsigned n, int flags)
{
	char *p = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		give_up("bench: mmap");
	return p;
}

void unmap_pages(char *pages, unsigned n)
{
	if (munmap(pages, n * PAGE) < 0)
		give_up("bench: munmap");
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void print_tenths(uint64_t total, unsigned n)
{
	uint64_t tenths = (total * 10 + n / 2) / n;

	printf(" %8llu.%u", (unsigned long long)(tenths / 10), (unsigned)(tenths % 10));
}

static void run(const struct path *p)
{
	uint64_t took[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++)
		took[i] = p->go(p->n);
	qsort(took, ROUNDS, sizeof(took[0]), by_size);
	if (!took[0])
		return;
	printf("%-10s", p->name);
	print_tenths(took[ROUNDS / 2], p->n);
	print_tenths(took[0], p->n);
	print_tenths(took[ROUNDS - 1], p->n);
	printf("  %s\n", p->what);
}

static const struct path *find(const char *name)
{
	for (const struct path *p = paths; p->name; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	fprintf(stderr, "bench: %s: no such path\n", name);
	exit(2);
}

/* The first round allocates page tables and slabs for the later ones. */
static int run_when_told(const struct path *p, unsigned n)
{
	char line[8];

	p->go(n);
	printf("ready\n");
	fflush(stdout);
	if (read(STDIN_FILENO, line, sizeof(line)) < 0)
		give_up("bench: read");
	printf("took %llu for %u\n", (unsigned long long)p->go(n), n);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(unsigned pages);
} whole[] = { { "swap", bench_swap }, { "swap4", bench_swap4 }, { "file", bench_file }, { "procswap", bench_procswap } };

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(whole) / sizeof(whole[0]); i++)
		if (strcmp(argv[1], whole[i].name) == 0)
			return whole[i].run(argc > 2 ? atoi(argv[2]) : 0);
	if (argc == 4 && strcmp(argv[1], "--wait") == 0)
		return run_when_told(find(argv[2]), atoi(argv[3]));
	printf("%-10s %10s %10s %10s  ticks for one\n", "path", "median", "least", "most");
	for (const struct path *p = paths; argc == 1 && p->name; p++)
		if (p->what)
			run(p);
	for (int i = 1; i < argc; i++)
		run(find(argv[i]));
	return 0;
}
