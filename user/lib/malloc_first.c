/*
 * malloc_first.c - malloc, realloc, free: the plain first reading (HEAP=first). Blocks fill the memory
 * of sbrk() without gaps. Each begins with a header: its size, a multiple of 8, and two bits: is it
 * used, is the one before it used? A free block has its size in its last word too, where the next
 * one finds it (boundary tags: Knuth, The Art of Computer Programming, 2.5); so free() reaches both
 * neighbours at once and merges free blocks. Free blocks form a ring. The first large enough is
 * taken, from where the last search ended; freed blocks come last.
 */
#include "heap.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct block {
	size_t head;
	struct block *next, *prev;		/* only while free */
};
enum { USED = 1, PREV_USED = 2, HEAD = 4, SMALLEST = 16, SLACK = 16, GROW = 65536 };
static struct block anchor = { USED, &anchor, &anchor };	/* never large enough */
static struct block *rover = &anchor, *end;	/* where searches begin; a used block behind all */

static size_t size_of(struct block *b) { return b->head & ~7u; }
static struct block *after(struct block *b) { return (void *)((char *)b + size_of(b)); }
static struct block *before(struct block *b) { return (void *)((char *)b - ((size_t *)b)[-1]); }
static struct block *block_of(void *p) { return (void *)((char *)p - HEAD); }

static void take(struct block *b)		/* a free block is used from now on */
{
	b->prev->next = b->next;
	b->next->prev = b->prev;
	rover = rover == b ? b->next : rover;
	b->head |= USED;
	after(b)->head |= PREV_USED;
}

static void release(struct block *b)		/* a used block is free from now on */
{
	/* lab malloc: merge the block with its free neighbours, and put it into the ring */
	if (!(after(b)->head & USED)) {
		take(after(b));
		b->head += size_of(after(b));
	}
	if (!(b->head & PREV_USED)) {
		take(before(b));
		before(b)->head += size_of(b);
		b = before(b);
	}
	b->head &= ~USED;
	((size_t *)after(b))[-1] = size_of(b);
	after(b)->head &= ~PREV_USED;
	b->next = rover;
	b->prev = rover->prev;
	b->prev->next = rover->prev = b;
	/* end of lab malloc */
}

static struct block *find(size_t need)		/* the first free block that is large enough, or NULL */
{
	/* lab malloc: search the ring */
	struct block *b = rover;

	while (size_of(b) < need && b->next != rover)
		b = b->next;
	return size_of(b) < need ? NULL : b;
	/* end of lab malloc */
}

static void split(struct block *b, size_t need)	/* a used block keeps so much; the rest is free, and next in turn */
{
	/* lab malloc: make a block of the rest, if it is large enough for one */
	size_t rest = size_of(b) - need;

	if (rest < SMALLEST)
		return;
	b->head -= rest;
	after(b)->head = rest | USED | PREV_USED;
	release(after(b));
	rover = after(b);
	/* end of lab malloc */
}

static struct block *grow(size_t size)		/* a used block at the new end, or NULL */
{
	size_t more = (size + SLACK + GROW - 1) / GROW * GROW;
	struct block *b = end;
	char *old = size > PTRDIFF_MAX ? (void *)-1 : sbrk(more);

	if (old == (void *)-1)
		return NULL;
	if (!b || old != (char *)b + HEAD) {	/* the first time, or others moved the break too */
		b = block_of((void *)(((uintptr_t)old + SLACK - 1) & ~7u));
		b->head = PREV_USED;
		more = (old + more - (char *)b - HEAD) & ~7u;
	}
	b->head = more | USED | (b->head & PREV_USED);
	end = after(b);
	end->head = USED | PREV_USED;
	return b;
}

/* => a block's size for a request */
static size_t need_of(size_t size)
{
	if (size > PTRDIFF_MAX)
		return SIZE_MAX;		/* there is none */
	return size < 12 ? SMALLEST : (size + HEAD + 7) & ~7u;
}

static void *first_malloc(size_t size)
{
	size_t need = need_of(size);
	struct block *b = find(need);

	if (b)
		take(b);
	else if (!(b = grow(need)))
		return errno = ENOMEM, NULL;
	split(b, need);
	return &b->next;
}

static void first_free(void *p)
{
	if (p)
		release(block_of(p));
}

static size_t first_usable(void *p)
{
	return size_of(block_of(p)) - HEAD;
}

/* The block stays in place if the free one behind it makes it large enough. */
static void *first_realloc(void *p, size_t size)
{
	/* lab malloc: shrink or grow the block where it is, or move it */
	struct block *b = block_of(p);
	size_t need = need_of(size), held = first_usable(p);
	void *new;

	if (size_of(b) < need && !(after(b)->head & USED) && size_of(b) + size_of(after(b)) >= need) {
		take(after(b));
		b->head += size_of(after(b));
	}
	if (size_of(b) >= need) {
		split(b, need);
		return p;
	}
	new = first_malloc(size);
	if (new) {
		memcpy(new, p, held);
		first_free(p);
	}
	return new;
	/* end of lab malloc */
}

static void *first_aligned(size_t alignment, size_t size)
{
	return first_malloc(alignment <= 8 ? size : SIZE_MAX);	/* it can do no better */
}

const struct heap_ops heap_first = { "first", first_malloc, first_realloc, first_free, first_aligned, first_usable };
