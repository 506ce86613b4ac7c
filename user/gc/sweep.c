/*
 * sweep.c - frees what is not marked: a page's `used` bits are reduced to those that are marked too.
 *
 * A page is swept when an allocation of its class needs it: so the pause is for marking alone, and each allocation pays for its
 * own sweeping. Pages without any marked object, and large objects without a mark, are in two lists of their own. Such a page is
 * reused for any class; surplus ones go back to the heap, little by little.
 */
#include "sweep.h"

#include "inside.h"
#include "lib/heap_trace.h"

enum { KEEP = 64 };

static struct gc_page *pending[2][SWEEP_CLASSES];	/* atomic; those with marked objects, not swept yet */
static struct gc_page *empty, *unreached;	/* pages for small objects; large objects */
static uint32_t empty_count;

static void tell_free(const struct gc_page *p, uint32_t word)
{
	for (uint32_t bits = p->used[word] & ~p->marked[word]; bits; bits &= bits - 1)
		heap_tell("gc free at=%#x size=%u\n", p->start + (word * 32 + __builtin_ctz(bits)) * p->size, p->size);
}

static void sweep(struct gc_page *p)
{
	if (p->is_swept)
		return;
	HEAP_TELL("gc sweep at=%#x size=%u\n", p->start, p->extent);
	for (uint32_t w = 0; w < p->words; w++) {
		if (__builtin_expect(heap_tracing, 0))
			tell_free(p, w);
		p->used[w] &= p->marked[w];
	}
	p->is_swept = true;
}

void sweep_begin(bool keep)
{
	struct gc_page *p;

	for (uint32_t n = 0; (p = page_next(&n));) {
		sweep(p);
		for (uint32_t w = 0; w < p->words && !keep; w++)
			p->marked[w] = 0;
	}
}

static uint32_t bits_in(uint32_t word)
{
	word -= word >> 1 & 0x55555555;
	word = (word & 0x33333333) + (word >> 2 & 0x33333333);
	return ((word + (word >> 4)) & 0x0f0f0f0f) * 0x01010101 >> 24;
}

static uint32_t count_marked(const struct gc_page *p)
{
	uint32_t marks = 0;

	for (uint32_t w = 0; w < p->words; w++)
		marks += bits_in(p->marked[w]);
	gc_counts.stats.live += marks;
	gc_counts.stats.live_bytes += marks * p->size;
	return marks;
}

static void put(struct gc_page **list, struct gc_page *p)
{
	p->next = *list;
	*list = p;
}

static struct gc_page *take(struct gc_page **list)
{
	struct gc_page *p = *list;

	if (p)
		*list = p->next;
	return p;
}

void sweep_end(bool now)
{
	struct gc_page *p;

	empty = unreached = NULL;
	empty_count = gc_counts.stats.live = gc_counts.stats.live_bytes = 0;
	for (int i = 0; i < SWEEP_CLASSES; i++)
		pending[false][i] = pending[true][i] = NULL;
	for (uint32_t n = 0; (p = page_next(&n));) {
		p->is_swept = false;
		if (count_marked(p))
			put(&pending[p->is_atomic][p->class], p);
		else
			put(p->class ? &empty : &unreached, p);
		empty_count += p == empty;
		if (now)
			sweep(p);
	}
	if (now)
		sweep_give(UINT32_MAX);
}

static uint32_t count_free(const struct gc_page *p)
{
	uint32_t free = 0;

	for (uint32_t w = 0; w < p->words; w++)
		free += bits_in(page_free(p, w));
	return free;
}

struct gc_page *sweep_next(uint8_t class, bool atomic, uint32_t least)
{
	struct gc_page *p;

	while ((p = take(&pending[atomic][class]))) {
		sweep(p);
		if (count_free(p) * p->size >= least)
			return p;
	}
	return NULL;
}

struct gc_page *sweep_empty(void)
{
	struct gc_page *p = take(&empty);

	if (p) {
		empty_count--;
		sweep(p);
	}
	return p;
}

void sweep_give(uint32_t bytes)
{
	struct gc_page *p;

	for (uint32_t given = 0; given < bytes && ((p = take(&unreached)) || (p = sweep_empty()));) {
		given += p->extent;
		sweep(p);
		page_drop(p);
	}
}

void sweep_trim(void)
{
	if (unreached || empty_count > gc_counts.stats.live_bytes / PAGE_SIZE / 2 + KEEP)
		sweep_give(1);
}
