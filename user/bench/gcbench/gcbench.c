/*
 * gcbench - the same programs with free, with the collector, and leaking: what does each way cost?
 *
 *	gcbench PROGRAM WAY [N]		a line "name value" for each figure
 *
 * PROGRAM: trees, lisp, strings, or live, which only has collections to show. WAY: free, gc, leak. The checksum shows that
 * the same was computed. heap_bytes and pages are the maxima, sampled after every 1024th operation and each large object; pages
 * are resident pages above those at the start. collections to freed are the collector's own figures at the end of the work;
 * retained is what one more collection leaves when nothing is needed any more.
 *
 * It is plain C with POSIX calls and gc.h, so that it can be linked with another library and its collector.
 */
#define _GNU_SOURCE
#include "gcbench.h"

#include <fcntl.h>
#include <gc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY = 1024, LARGE = 4096, DEEP = 16384 };

enum way way;

static const char *const way_names[] = { [WAY_FREE] = "free", [WAY_GC] = "gc", [WAY_LEAK] = "leak" };
static const struct gcbench_program *const programs[] = { &gcbench_trees, &gcbench_lisp, &gcbench_strings, &gcbench_live };
enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

/* Our own heap reports its bytes. */
extern size_t heap_bytes(void) __attribute__((weak));

static size_t first_pages, most_pages, most_bytes;
static uint32_t operations;

static size_t pages_now(void)
{
	char text[100];
	int fd = open("/proc/self/statm", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	char *end;

	close(fd);
	text[n > 0 ? n : 0] = 0;
	strtoul(text, &end, 10);
	return strtoul(end, NULL, 10);
}

static size_t bytes_now(void)
{
	static char *start;
	char *end = sbrk(0);

	if (!start)
		start = end;
	return heap_bytes && heap_bytes() ? heap_bytes() : (size_t)(end - start);
}

static void look(void)
{
	size_t pages = pages_now(), bytes = bytes_now();

	pages = pages > first_pages ? pages - first_pages : 0;
	most_pages = pages > most_pages ? pages : most_pages;
	most_bytes = bytes > most_bytes ? bytes : most_bytes;
}

static void *taken(void *object, size_t size)
{
	if (!object) {
		printf("gcbench: no memory after %u operations\n", operations);
		exit(1);
	}
	if (++operations % LOOK_EVERY == 0 || size >= LARGE)
		look();
	return object;
}

void *take(size_t size)
{
	return taken(way == WAY_GC ? gc_malloc(size) : calloc(1, size), size);
}

void *take_atomic(size_t size)
{
	return taken(way == WAY_GC ? gc_malloc_atomic(size) : malloc(size), size);
}

void give(void *object)
{
	if (way != WAY_FREE)
		return;
	operations++;
	free(object);
}

/* --- from the first operation to the last, and what came of it --- */

static uint64_t now(void)
{
	struct timespec time = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void gcbench_tell(const char *name, uint64_t value)
{
	printf("%s %llu\n", name, (unsigned long long)value);
}

/* Its symbol is used from outside; a loop in main would keep old values in registers. */
__attribute__((noinline)) uint32_t gcbench_run(const struct gcbench_program *program, uint32_t n)
{
	return program->run(n);
}

/* Old words on the stack below are no roots any more. */
static __attribute__((noinline)) void forget_the_stack(void)
{
	volatile char old[DEEP];

	memset((char *)old, 0, sizeof(old));
}

static void tell_of_collector(void)
{
	struct gc_stats stats;

	gc_stats(&stats);
	gcbench_tell("allocated", stats.allocated);
	gcbench_tell("collections", stats.collections);
	gcbench_tell("pause_longest", stats.pause_longest);
	gcbench_tell("pause_total", stats.pause_total);
	gcbench_tell("marked", stats.live);
	gcbench_tell("freed", stats.freed);
	gcbench_tell("minor", stats.minor);
	gcbench_tell("minor_marked", stats.minor_marked);
	gcbench_tell("minor_pages", stats.minor_pages);
	gcbench_tell("stopped_writes", stats.faults);
	forget_the_stack();
	gc_collect();
	gc_stats(&stats);
	gcbench_tell("retained", stats.live);
}

static int bench(const struct gcbench_program *program, uint32_t n)
{
	struct rusage before, after;
	uint64_t start;
	uint32_t checksum;

	printf("gcbench %s %s %u\n", program->name, way_names[way], n);
	fflush(stdout);
	bytes_now();
	first_pages = pages_now();
	getrusage(RUSAGE_SELF, &before);
	start = now();
	checksum = gcbench_run(program, n);
	start = now() - start;
	getrusage(RUSAGE_SELF, &after);
	look();
	gcbench_tell("checksum", checksum);
	gcbench_tell("operations", operations);
	gcbench_tell("ns", start);
	gcbench_tell("heap_bytes", most_bytes);
	gcbench_tell("pages", most_pages);
	gcbench_tell("minor_faults", after.ru_minflt - before.ru_minflt);
	gcbench_tell("major_faults", after.ru_majflt - before.ru_majflt);
	if (way == WAY_GC)
		tell_of_collector();
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: gcbench trees|lisp|strings|live free|gc|leak [N]\n");
	return 2;
}

int main(int argc, char **argv)
{
	const struct gcbench_program *program = NULL;

	if (argc < 3 || argc > 4)
		return usage();
	for (int i = 0; i < PROGRAMS; i++)
		if (strcmp(programs[i]->name, argv[1]) == 0)
			program = programs[i];
	for (way = WAY_FREE; way <= WAY_LEAK && strcmp(way_names[way], argv[2]); )
		way++;
	if (!program || way > WAY_LEAK)
		return usage();
	return bench(program, argc == 4 ? strtoul(argv[3], NULL, 10) : program->usual);
}
