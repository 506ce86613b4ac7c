/*
 * page.c - the collector's pages: from the heap and back to it, and the table that finds them.
 *
 * The table is a block of the heap too. Records are not: they would separate blocks that could be merged when free. Neither
 * keeps an object: no collection scans them.
 */
#include "page.h"

#include "lib/heap.h"
#include "lib/heap_block.h"

#include <string.h>
#include <sys/mman.h>

/* Bytes of records that are allocated at a time. */
enum { RECORDS = 4 * PAGE_SIZE };

struct gc_pages gc_pages;
static struct gc_page *unused;

static uint32_t number_of(uint32_t address)
{
	return (address - gc_pages.base) / PAGE_SIZE;
}

/* => the page after a block that begins there */
static uint32_t end_of(const struct gc_page *p)
{
	return number_of(p->start + p->extent - 1) + 1;
}

struct gc_page *page_next(uint32_t *n)
{
	while (*n < gc_pages.count && !gc_pages.of[*n])
		++*n;
	if (*n >= gc_pages.count)
		return NULL;
	*n = end_of(gc_pages.of[*n]);
	return gc_pages.of[*n - 1];
}

/* Enlarges the table for a block's pages, and a quarter more. */
static bool cover(uint32_t start, uint32_t bytes)
{
	uint32_t count, room;
	struct gc_page **of;

	if (!gc_pages.base)
		gc_pages.base = block_first & -PAGE_SIZE;
	count = number_of(start + bytes - 1) + 1;
	if (count > gc_pages.room) {
		room = count + count / 4;
		of = gc_pages.of ? heap_best.realloc(gc_pages.of, room * sizeof(*of)) : heap_best.malloc(room * sizeof(*of));
		if (!of)
			return false;
		gc_pages.of = of;
		gc_pages.room = room;
	}
	if (count > gc_pages.count) {
		memset(&gc_pages.of[gc_pages.count], 0, (count - gc_pages.count) * sizeof(gc_pages.of[0]));
		gc_pages.count = count;
	}
	return true;
}

static void drop_record(struct gc_page *p)
{
	p->next = unused;
	unused = p;
}

static struct gc_page *new_record(void)
{
	struct gc_page *p = unused;

	if (!p) {
		p = mmap(NULL, RECORDS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			return NULL;
		for (uint32_t i = 1; i < RECORDS / sizeof(*p); i++)
			drop_record(&p[i]);
		return p;
	}
	unused = p->next;
	return p;
}

struct gc_page *page_new(uint32_t bytes)
{
	struct gc_page *p = new_record();
	void *start = p ? heap_best.aligned(PAGE_SIZE, bytes) : NULL;

	if (start && cover(heap_address(start), bytes)) {
		*p = (struct gc_page){ .start = heap_address(start), .extent = bytes };
		for (uint32_t n = number_of(p->start); n < end_of(p); n++)
			gc_pages.of[n] = p;
		return p;
	}
	if (start)
		heap_best.free(start);
	if (p)
		drop_record(p);
	return NULL;
}

/* For heap_leaks.c. */
bool gc_has(const void *p)
{
	return page_of(heap_address(p));
}

void page_small(struct gc_page *p, uint32_t size, uint8_t class, bool atomic)
{
	uint32_t count = PAGE_ROOM / size;

	*p = (struct gc_page){ .start = p->start, .extent = count * size, .size = size, .class = class, .is_atomic = atomic,
			       .reciprocal = ((1u << SHIFT) + size / 8 - 1) / (size / 8), .words = (count + 31) / 32,
			       .last = ~0u >> (-count & 31), .is_swept = true };
}

void page_large(struct gc_page *p, uint32_t size, bool atomic)
{
	p->size = size;
	p->is_atomic = atomic;
	p->words = p->last = p->used[0] = 1;
	p->is_swept = true;
}

void page_drop(struct gc_page *p)
{
	for (uint32_t n = number_of(p->start); n < end_of(p); n++)
		gc_pages.of[n] = NULL;
	heap_best.free(heap_at(p->start));
	drop_record(p);
}
