/*
 * live.c - n small objects, all of them live, and some collections: what does marking cost?
 *
 * Each has two pointers, to the previous object and to one of the last thousand. For the collections requested here it prints
 * the major faults too: their cost when the heap is larger than memory.
 */
#include "gcbench.h"

#include <gc.h>
#include <sys/resource.h>

enum { COLLECTIONS = 5, NEAR = 1000 };

struct cell {
	struct cell *next, *any;
	uint32_t value;
};

static struct cell *first;
static struct cell **all;

static void make(uint32_t n)
{
	uint32_t seed = 20260101;

	all = take((n + 1) * sizeof(*all));
	for (uint32_t i = 0; i < n; i++) {
		all[i] = take(sizeof(**all));
		*all[i] = (struct cell){ first, all[i - gcbench_random(&seed) % (i < NEAR ? i + 1 : NEAR)], i };
		first = all[i];
	}
	give(all);
	all = NULL;
}

static uint32_t sum_of_all(void)
{
	uint32_t sum = 0;

	for (const struct cell *c = first; c; c = c->next)
		sum = gcbench_mix(sum, c->value + c->any->value);
	return sum;
}

/* tools/heap/gcbench counts the instructions from gcbench_collect() to gcbench_collected(), whose addresses it looks up. */
__attribute__((noinline)) void gcbench_collected(void)
{
	__asm__ volatile("");
}

__attribute__((noinline)) void gcbench_collect(void)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	for (int i = 0; i < COLLECTIONS; i++)
		gc_collect();
	gcbench_collected();
	getrusage(RUSAGE_SELF, &after);
	gcbench_tell("asked_collections", COLLECTIONS);
	gcbench_tell("asked_major_faults", after.ru_majflt - before.ru_majflt);
}

/* Memory that was freed by mistake is allocated again, and overwritten. */
static __attribute__((noinline)) void use_the_rest(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct cell *c = take(sizeof(*c));

		c->value = ~i;
		give(c);
	}
}

static uint32_t run(uint32_t n)
{
	uint32_t sum;

	make(n);
	if (way == WAY_GC)
		gcbench_collect();
	use_the_rest(n);
	sum = sum_of_all();
	for (struct cell *c = first, *next; way == WAY_FREE && c; c = next) {
		next = c->next;
		give(c);
	}
	first = NULL;
	return sum;
}

const struct gcbench_program gcbench_live = { .name = "live", .usual = 33000, .run = run };
