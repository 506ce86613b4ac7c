/*
 * gc.c - gc_malloc and its family: when to collect, and the steps that all collectors share. HEAP= in the environment
 * chooses the collector at the first call, as for malloc.
 *
 * A collection: clear the marks; mark what is reachable from the roots; mark what finalizers need; the rest is free. Finalizers
 * are called later, after the allocation that caused the collection: they may allocate themselves.
 */
#include "inside.h"

#include "lib/heap.h"
#include "lib/heap_trace.h"

#include <errno.h>
#include <setjmp.h>

/* A collection comes when half as much as was live has been allocated since the last one, but at least this much. */
enum { SHARE = 2, LEAST = 256 << 10 };

const struct gc_ops *gc_collector;
struct gc_counts gc_counts = { .limit = LEAST };

/* Reads the clock where no root is: nanoseconds left on the stack may look like an address. */
static uint64_t now(void)
{
	struct timespec *t = &gc_counts.clock;

	clock_gettime(CLOCK_MONOTONIC, t);
	return t->tv_sec * 1000000000ull + t->tv_nsec;
}

/* What was allocated and is not live has been freed. */
static void count(struct gc_counts *c, struct gc_stats *stats)
{
	c->spent_before += c->spent;
	c->spent = 0;
	c->limit = stats->live_bytes / SHARE > LEAST ? stats->live_bytes / SHARE : LEAST;
	stats->collections++;
	stats->freed = stats->allocated - stats->live;
	stats->freed_bytes = c->spent_before - stats->live_bytes;
	stats->pause_last = now() - c->began;
	stats->pause_total += stats->pause_last;
	if (stats->pause_last > stats->pause_longest)
		stats->pause_longest = stats->pause_last;
}

/* `at_once`: all that is unreachable is free when it returns. setjmp puts the registers on this stack, where they are scanned. */
static __attribute__((noinline)) void collect(bool at_once)
{
	jmp_buf registers;

	if (!gc_counts.stats.allocated)
		return;				/* the collector may not even be ready */
	setjmp(registers);
	if (!roots_find((uint32_t)registers)) {
		gc_counts.limit = gc_counts.spent + LEAST;
		return;
	}
	HEAP_TELL("gc begin collector=%s spent=%u\n", gc_collector->name, gc_counts.spent);
	gc_counts.began = now();
	gc_collector->begin(at_once);
	roots_scan((uint32_t)registers);
	final_mark();
	gc_collector->end(at_once);
	count(&gc_counts, &gc_counts.stats);
	HEAP_TELL("gc end live=%u bytes=%u\n", gc_counts.stats.live, gc_counts.stats.live_bytes);
}

void gc_before(size_t bytes)
{
	if (gc_counts.spent + bytes > gc_counts.limit)
		collect(false);
}

static void choose(void)
{
	if (!gc_collector)
		gc_collector = heap_chosen() == &heap_first ? &gc_first : &gc_best;
}

static void *allocate(size_t size, bool atomic)
{
	void *p = NULL;

	choose();
	if (size <= PTRDIFF_MAX && !(p = gc_collector->take(size, atomic))) {
		collect(true);
		p = gc_collector->take(size, atomic);
	}
	HEAP_TELL("gc alloc at=%p size=%zu atomic=%d\n", p, size, atomic);
	if (!p) {
		errno = ENOMEM;
		return NULL;
	}
	gc_counts.stats.allocated++;
	if (final_due)
		final_run();
	return p;
}

void *gc_malloc(size_t size)
{
	return allocate(size ? size : 1, false);
}

void *gc_malloc_atomic(size_t size)
{
	return allocate(size ? size : 1, true);
}

void gc_collect(void)
{
	choose();
	collect(true);
	if (final_due)
		final_run();
}

void gc_stats(struct gc_stats *stats)
{
	*stats = gc_counts.stats;
}
