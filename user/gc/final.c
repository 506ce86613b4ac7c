/*
 * final.c - finalizers: calls when nothing refers to an object any more.
 *
 * An entry is a block of malloc, which no collection scans, so it does not keep its object; the second argument of the call is
 * kept. After marking, objects without a mark are due: they are kept, with all that they refer to, until their finalizers have
 * been called, in the order of registration, whatever refers to whatever; so a ring is no obstacle. The entry is removed
 * before the call: the next collection frees the object, unless it is reachable again.
 */
#include "inside.h"

#include <stdlib.h>

struct entry {
	struct entry *next;			/* of all pending entries, or of those that are due: in the order of registration */
	struct entry *chain;			/* in its bucket */
	void *object;
	void (*call)(void *object, void *with);	/* NULL: cancelled; the next collection drops it */
	void *with;
};

static struct {
	struct entry *first, **end;
} waiting = { NULL, &waiting.first }, due = { NULL, &due.first };
static struct entry **buckets;			/* pending entries, by object */
static uint32_t count, size;			/* entries in buckets; of these, a power of two */
bool final_due;

static struct entry **bucket_of(const void *object)
{
	return &buckets[((uint32_t)object / 8 * 0x9e3779b9u >> 7) & (size - 1)];
}

static void put_in_bucket(struct entry *e)
{
	struct entry **bucket = bucket_of(e->object);

	e->chain = *bucket;
	*bucket = e;
}

/* Grows to as many buckets as entries, if there is memory. => false: there are none at all */
static bool grow(void)
{
	struct entry **more = count < size ? NULL : calloc(size ? 2 * size : 32, sizeof(*more));

	if (!more)
		return size;
	free(buckets);
	buckets = more;
	size = size ? 2 * size : 32;
	for (struct entry *e = waiting.first; e; e = e->next)
		put_in_bucket(e);
	return true;
}

int gc_finalizer(void *object, void (*call)(void *object, void *with), void *with)
{
	struct entry *e = size ? *bucket_of(object) : NULL;

	while (e && e->object != object)
		e = e->chain;
	if (!e && !call)
		return 0;
	if (!e) {
		e = grow() ? malloc(sizeof(*e)) : NULL;
		if (!e)
			return -1;
		*e = (struct entry){ .object = object };
		put_in_bucket(e);
		count++;
		*waiting.end = e;
		waiting.end = &e->next;
	}
	e->call = call;
	e->with = with;
	return 0;
}

static void scan_pointer(void *const *p)
{
	gc_collector->scan((uint32_t)p, (uint32_t)(p + 1));
}

/* Removes the entry; the next one moves up to `link`. */
static void take_out(struct entry **link)
{
	struct entry *e = *link, **at = bucket_of(e->object);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	count--;
	*link = e->next;
	if (!e->next)
		waiting.end = link;
	e->next = NULL;
}

static void find_due(void)
{
	for (struct entry **link = &waiting.first, *e; (e = *link);) {
		if (e->call && gc_collector->is_marked(e->object)) {
			link = &e->next;
			continue;
		}
		take_out(link);
		if (!e->call) {
			free(e);
			continue;
		}
		*due.end = e;
		due.end = &e->next;
	}
}

void final_mark(void)
{
	for (struct entry *e = waiting.first; e; e = e->next)
		scan_pointer(&e->with);
	for (struct entry *e = due.first; e; e = e->next)
		scan_pointer(&e->with);
	find_due();
	for (struct entry *e = due.first; e; e = e->next)
		scan_pointer(&e->object);
	final_due = due.first;
}

/* Allocations by a finalizer may make more of them due: these are called here too, not within it. */
void final_run(void)
{
	static bool running;

	while (due.first && !running) {
		struct entry e = *due.first;

		free(due.first);
		due.first = e.next;
		if (!e.next)
			due.end = &due.first;
		gc_counts.stats.finalized++;
		running = true;
		e.call(e.object, e.with);
		running = false;
	}
	final_due = due.first;
}
