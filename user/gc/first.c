/*
 * first.c - a garbage collector: the plain first reading (HEAP=first). Each object is a block of malloc with a header in front,
 * and an array has the addresses of all. A collection has two parts (McCarthy, Recursive Functions of Symbolic Expressions,
 * 1960): mark, from the words that the program can access directly to everything reachable from them; sweep, which frees what
 * has no mark.
 *
 * The collector is not told which words are pointers: each that is an address in an object is taken for one (Boehm and Weiser,
 * Garbage Collection in an Uncooperative Environment, 1988). So the array is sorted when a collection begins, and searched for
 * each word. An object that is marked, but not scanned yet, is in a list through the headers: so there is no recursion, whose
 * depth would depend on the data, and no stack that could overflow.
 */
#include "inside.h"
#include "lib/heap_trace.h"

#include <stdlib.h>
#include <string.h>

struct object {
	struct object *link;			/* the next that is marked but not scanned */
	uint32_t size : 30, is_atomic : 1, is_marked : 1;
	char bytes[];
};

static struct object **objects;			/* all */
static uint32_t count, room;
static struct object *grey;			/* the list's first (Dijkstra's word: neither white nor black) */

static bool has_room(void)
{
	uint32_t more = room ? 2 * room : 64;
	struct object **bigger = count < room ? objects : realloc(objects, more * sizeof(*objects));

	if (!bigger)
		return false;
	room = count < room ? room : more;
	objects = bigger;
	return true;
}

static void *first_take(size_t size, bool atomic)
{
	struct object *o;

	gc_before(size);
	o = size < 1u << 30 && has_room() ? malloc(sizeof(*o) + size) : NULL;
	if (!o)
		return NULL;
	*o = (struct object){ .size = size, .is_atomic = atomic };
	objects[count++] = o;
	gc_counts.spent += size;
	return atomic ? o->bytes : memset(o->bytes, 0, size);
}

static int by_address(const void *a, const void *b)
{
	const struct object *left = *(struct object *const *)a, *right = *(struct object *const *)b;

	return left < right ? -1 : left > right;
}

static void first_begin(bool all)
{
	(void)all;				/* it is never smaller */
	qsort(objects, count, sizeof(*objects), by_address);
	for (uint32_t i = 0; i < count; i++)
		objects[i]->is_marked = false;
	gc_counts.stats.live = gc_counts.stats.live_bytes = 0;
}

/* => the object that contains this address; NULL: none */
static struct object *find(uint32_t address)
{
	/* lab gc: search the sorted array */
	uint32_t from = 0, to = count;		/* it is in [from - 1, to) */

	while (from < to) {
		uint32_t middle = (from + to) / 2;

		if ((uint32_t)objects[middle]->bytes <= address)
			from = middle + 1;
		else
			to = middle;
	}
	if (from == 0 || address - (uint32_t)objects[from - 1]->bytes >= objects[from - 1]->size)
		return NULL;
	return objects[from - 1];
	/* end of lab gc */
}

/* Counts an object that the word at `word` has led to, for the first time. */
static void count_live(const struct object *o, const uint32_t *word)
{
	HEAP_TELL("gc mark at=%p size=%u from=%p\n", o->bytes, o->size, (const void *)word);
	gc_counts.stats.live++;
	gc_counts.stats.live_bytes += o->size;
}

static void push(struct object *o)
{
	HEAP_TELL("gc push at=%p size=%u\n", o->bytes, o->size);
	o->link = grey;
	grey = o;
}

/* The list is not empty. */
static struct object *pop(void)
{
	struct object *o = grey;

	HEAP_TELL("gc scan at=%p size=%u\n", o->bytes, o->size);
	grey = o->link;
	return o;
}

/* The object that this word is an address in, if any, is marked, counted, and scanned later. */
static void mark(const uint32_t *word)
{
	/* lab gc: mark, count and push the object, unless there is nothing to do */
	struct object *o = find(*word);

	if (!o || o->is_marked)
		return;
	o->is_marked = true;
	count_live(o, word);
	if (!o->is_atomic)
		push(o);
	/* end of lab gc */
}

static void mark_words(uint32_t from, uint32_t to)
{
	for (from = (from + 3) & -4u; from + 4 <= to; from += 4)
		mark((const uint32_t *)from);
}

/* When it returns, the list is empty: all that can be reached from these words is marked. */
static void first_scan(uint32_t from, uint32_t to)
{
	HEAP_TELL("gc root at=%#x size=%u\n", from, to - from);
	/* lab gc: mark from these words, then from what they lead to */
	mark_words(from, to);
	while (grey) {
		struct object *o = pop();

		mark_words((uint32_t)o->bytes, (uint32_t)o->bytes + o->size);
	}
	/* end of lab gc */
}

static bool first_is_marked(const void *p)
{
	const struct object *o = find((uint32_t)p);

	return o && o->is_marked;
}

static void drop(struct object *o)
{
	HEAP_TELL("gc free at=%p size=%u\n", o->bytes, o->size);
	free(o);
}

/* Sweeping is never deferred. */
static void first_end(bool now)
{
	(void)now;
	/* lab gc: free what is not marked; the array keeps the rest */
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++)
		if (objects[i]->is_marked)
			objects[kept++] = objects[i];
		else
			drop(objects[i]);
	count = kept;
	/* end of lab gc */
}

const struct gc_ops gc_first = { "first", first_take, first_begin, first_scan, first_is_marked, first_end };
