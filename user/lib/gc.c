/*
 * gc.c - gc_malloc and its family: when to collect, and the steps that every collector takes. Which one it is, HEAP= in the
 * environment says at the first call, as for malloc.
 *
 * A collection: nothing is marked; what roots lead to is; what calls of gc_finalizer need is; the rest is free. Those calls come
 * later, when the allocation that asked for the collection has what it wants: they may allocate themselves.
 */
#include "gc_inside.h"

#include "heap.h"

#include <errno.h>
#include <setjmp.h>
#include <time.h>

/* A collection comes when half as much as was live has been handed out since the last one, or this much. */
enum { SHARE = 2, LEAST = 256 << 10 };

const struct gc_ops *gc_collector;
struct gc_stats gc_counts;
uint32_t gc_spent;

static uint32_t limit = LEAST;			/* for gc_spent */
static uint32_t spent_before;			/* by all collections; may wrap, as what is computed from it may */

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* What was handed out and is not live any more has been taken back. */
static void count(uint64_t began)
{
	uint64_t pause = now() - began;

	spent_before += gc_spent;
	gc_spent = 0;
	limit = gc_counts.live_bytes / SHARE > LEAST ? gc_counts.live_bytes / SHARE : LEAST;
	gc_counts.collections++;
	gc_counts.freed = gc_counts.allocated - gc_counts.live;
	gc_counts.freed_bytes = spent_before - gc_counts.live_bytes;
	gc_counts.pause_last = pause;
	gc_counts.pause_total += pause;
	if (pause > gc_counts.pause_longest)
		gc_counts.pause_longest = pause;
}

/* `at_once`: all that is found is free when it returns. Registers are looked for where setjmp keeps them, on this stack. */
static __attribute__((noinline)) void collect(bool at_once)
{
	uint64_t began = now();
	jmp_buf registers;

	setjmp(registers);
	if (!roots_find((uint32_t)registers)) {
		limit = gc_spent + LEAST;
		return;
	}
	gc_collector->begin();
	roots_scan((uint32_t)registers);
	final_mark();
	gc_collector->end(at_once);
	count(began);
}

void gc_before(size_t bytes)
{
	if (gc_spent + bytes > limit)
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
	if (!p) {
		errno = ENOMEM;
		return NULL;
	}
	gc_counts.allocated++;
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
	*stats = gc_counts;
}
