/*
 * boehm.c - our gc.h on top of the collector of Boehm, Demers and Weiser (libgc 8.2), so that gcbench can be linked with it and
 * run beside ours. Only what libgc's gc/gc.h offers is used; it does not report how many objects were marked.
 */
#include <gc.h>
#include <time.h>

/* Of libgc's gc/gc.h, which has the name of ours. */
typedef enum { GC_EVENT_START, GC_EVENT_END = 5 } GC_EventType;
extern void *GC_malloc(size_t size), *GC_malloc_atomic(size_t size);
extern void GC_gcollect(void);
extern unsigned long GC_get_gc_no(void);
extern void GC_set_on_collection_event(void (*)(GC_EventType));

static struct gc_stats stats;
static uint64_t began;

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void on_event(GC_EventType event)
{
	if (event == GC_EVENT_START)
		began = now();
	if (event != GC_EVENT_END)
		return;
	stats.pause_last = now() - began;
	stats.pause_total += stats.pause_last;
	if (stats.pause_last > stats.pause_longest)
		stats.pause_longest = stats.pause_last;
}

static void once(void)
{
	if (stats.allocated++ == 0)
		GC_set_on_collection_event(on_event);
}

void *gc_malloc(size_t size)
{
	once();
	return GC_malloc(size);
}

void *gc_malloc_atomic(size_t size)
{
	once();
	return GC_malloc_atomic(size);
}

void gc_collect(void)
{
	GC_gcollect();
}

void gc_stats(struct gc_stats *to)
{
	stats.collections = GC_get_gc_no();
	*to = stats;
}
