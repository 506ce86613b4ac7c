/*
 * best.c - the default collector: allocation.
 *
 * For each class of small objects a word of 32 adjacent ones is current, with a bit for each that is free: a new object is the
 * lowest bit. The next word comes from this page, the class's next page, which is swept then, an empty page, or the heap.
 * Objects of the current word count as used until a collection begins: so no list of free objects exists that a stray number
 * could lead into.
 *
 * Sizes of which equally many fit into a page share a class, whose objects are as large as that number permits.
 */
#include "dirty.h"
#include "inside.h"
#include "mark.h"
#include "page.h"
#include "sweep.h"

#include <string.h>

enum { SMALL = PAGE_ROOM / 2 & ~7, OLD = 256 << 10 };

struct cursor {
	uint32_t bits;				/* free ones among 32 objects */
	uint32_t base;				/* the first of the 32 */
	uint32_t size;
	struct gc_page *page;			/* which they are in; NULL: none */
	uint32_t word;
};

static bool is_minor;				/* is the current collection a minor one (dirty.c)? */
static struct cursor cursors[2][SWEEP_CLASSES];	/* atomic */
static uint8_t class_of[SMALL / 8 + 1];		/* by size / 8, rounded up; 0, which is no class: before the first call */

static bool get_ready(void)
{
	uint32_t class = 0, size = 0, fit;

	if (!mark_ready())
		return false;
	for (uint32_t n = 1; n <= SMALL / 8; n++) {
		fit = PAGE_ROOM / 8 / n;
		if (PAGE_ROOM / 8 / fit != size)
			class++;
		size = PAGE_ROOM / 8 / fit;
		cursors[false][class].size = cursors[true][class].size = size * 8;
		class_of[n] = class;
	}
	dirty_ready();
	return true;
}

static struct gc_page *new_page(uint8_t class, bool atomic)
{
	struct gc_page *p = sweep_empty();

	if (!p)
		p = page_new(PAGE_ROOM);
	if (p)
		page_small(p, cursors[atomic][class].size, class, atomic);
	return p;
}

/* Makes the next word of the page with free objects current. => false: there is none */
static bool advance(struct cursor *c)
{
	for (; c->page && c->word < c->page->words; c->word++) {
		c->bits = page_free(c->page, c->word);
		if (c->bits) {
			dirty_open(c->page);
			c->page->used[c->word] |= c->bits;
			c->base = c->page->start + c->word * 32 * c->size;
			return true;
		}
	}
	return false;
}

static bool refill(struct cursor *c, uint8_t class, bool atomic)
{
	gc_before(0);
	sweep_trim();
	while (!advance(c)) {
		c->page = sweep_next(class, atomic, dirty_least());
		c->word = 0;
		if (!c->page && !(c->page = new_page(class, atomic)))
			return false;
	}
	return true;
}

static void *take_large(size_t size, bool atomic)
{
	uint32_t bytes = (size + 7) & ~7u;
	struct gc_page *p;

	gc_before(bytes);
	sweep_give(bytes);
	p = page_new(bytes);
	if (!p)
		return NULL;
	page_large(p, bytes, atomic);
	gc_counts.spent += bytes;
	return atomic ? (void *)p->start : memset((void *)p->start, 0, bytes);
}

static __attribute__((noinline)) void *take_slowly(size_t size, bool atomic);

static void *best_take(size_t size, bool atomic)
{
	uint32_t words = (size + 7) / 8, *object, *end;
	struct cursor *c;

	if (words > SMALL / 8)
		return take_slowly(size, atomic);
	c = &cursors[atomic][class_of[words]];
	if (__builtin_expect(!c->bits, 0))
		return take_slowly(size, atomic);
	object = (uint32_t *)(c->base + __builtin_ctz(c->bits) * c->size);
	c->bits &= c->bits - 1;
	gc_counts.spent += c->size;
	if (!atomic)
		for (end = object + c->size / 4; end > object;)
			*--end = 0;
	return object;
}

static void *take_slowly(size_t size, bool atomic)
{
	uint8_t class;

	if (!class_of[1] && !get_ready())
		return NULL;
	if (size > SMALL)
		return take_large(size, atomic);
	class = class_of[(size + 7) / 8];
	return refill(&cursors[atomic][class], class, atomic) ? best_take(size, atomic) : NULL;
}

/* Free objects of the current words are no longer counted as used. */
static void put_back(struct cursor *c)
{
	if (c->page)
		c->page->used[c->word] &= ~c->bits;
	c->page = NULL;
	c->bits = c->base = 0;
}

/* A full collection comes when old objects have twice the bytes of those that survived the last one. */
static void best_begin(bool all)
{
	struct gc_stats *stats = &gc_counts.stats;

	for (int i = 0; i < SWEEP_CLASSES; i++) {
		put_back(&cursors[false][i]);
		put_back(&cursors[true][i]);
	}
	is_minor = dirty_learn() && !all && stats->live_bytes <= 2 * gc_counts.all_bytes + OLD;
	sweep_begin(is_minor);
	gc_counts.was_live = stats->live;
	if (is_minor)
		dirty_scan();
}

static void best_end(bool now)
{
	struct gc_stats *stats = &gc_counts.stats;

	sweep_end(now);
	if (is_minor) {
		stats->minor++;
		stats->minor_marked += stats->live - gc_counts.was_live;
	} else {
		gc_counts.all_bytes = stats->live_bytes;
	}
	dirty_watch();
}

const struct gc_ops gc_best = { "best", best_take, best_begin, mark_scan, mark_is, best_end };
