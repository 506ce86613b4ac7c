/*
 * page.h - where the collector's objects are: small ones of one size in pages of their own, large ones each in a block.
 *
 * Pages and blocks are blocks of the heap (heap_best.c) whose payload is at a multiple of 4096. The information about them is
 * elsewhere, so that neither marking nor sweeping writes to them: a table by address points to a record, with bits for the
 * objects that are in use and those that are marked. So the object that any number points into is found in some twenty steps.
 */
#ifndef GC_PAGE_H
#define GC_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The heap's next header takes the end of a page. */
enum { PAGE_SIZE = 4096, PAGE_ROOM = PAGE_SIZE - 8, PAGE_WORDS = PAGE_SIZE / 8 / 32, SHIFT = 20 };

struct gc_page {
	uint32_t start;			/* the first object's address */
	uint32_t extent;		/* bytes filled by objects */
	uint32_t size;			/* an object's, a multiple of 8 */
	uint32_t reciprocal;		/* 2^SHIFT by size / 8, rounded up; 0: one large object */
	uint32_t last;			/* bits that are objects in the last word */
	uint8_t words, class;		/* of bits in use; 0: one large object */
	bool is_atomic, is_swept;
	struct gc_page *next;		/* in a list of sweep.c */
	uint32_t used[PAGE_WORDS], marked[PAGE_WORDS];
};

/* The records of all pages from `base` on. */
struct gc_pages {
	struct gc_page **of;
	uint32_t base, count, room;
};
extern struct gc_pages gc_pages;

/* => the page that contains this address; NULL: none */
static inline struct gc_page *page_of(uint32_t address)
{
	uint32_t n = (address - gc_pages.base) / PAGE_SIZE;

	return n < gc_pages.count ? gc_pages.of[n] : NULL;
}

/* => the index of the object at an address in the extent. The reciprocal is exact for all sizes and offsets. */
static inline uint32_t page_index(const struct gc_page *p, uint32_t address)
{
	return (address - p->start) / 8 * p->reciprocal >> SHIFT;
}

static inline uint32_t page_free(const struct gc_page *p, uint32_t word)
{
	return ~p->used[word] & (word + 1u == p->words ? p->last : ~0u);
}

static inline bool page_has_marks(const struct gc_page *p)
{
	uint32_t marks = 0;

	for (uint32_t w = 0; w < p->words; w++)
		marks |= p->marked[w];
	return marks;
}

/* Start with 0: for all pages, in the order of addresses; NULL behind the last. */
struct gc_page *page_next(uint32_t *n);

bool gc_has(const void *p);

/* A page of the heap, or a block of so many bytes, with no object in use; NULL: there is no memory. */
struct gc_page *page_new(uint32_t bytes);
/* Sets what it holds from now on. */
void page_small(struct gc_page *p, uint32_t size, uint8_t class, bool atomic);
void page_large(struct gc_page *p, uint32_t size, bool atomic);
/* Returns it to the heap. */
void page_drop(struct gc_page *p);

#endif
