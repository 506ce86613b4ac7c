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
}

static struct block *grow(size_t size)		/* a used block at the new end, or NULL */
{
	size_t more = (size + SLACK + GROW - 1) / GROW * GROW;
	struct block *b = end;
	char *old = sbrk(more);

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

static void *first_malloc(size_t size)
{
	size_t need = size < 12 ? SMALLEST : (size + HEAD + 7) & ~7u, rest;
	struct block *b = rover;

	while (size_of(b) < need && b->next != rover)
		b = b->next;
	if (size <= PTRDIFF_MAX && size_of(b) >= need)
		take(b);
	else if (size > PTRDIFF_MAX || !(b = grow(need)))
		return errno = ENOMEM, NULL;
	if ((rest = size_of(b) - need) >= SMALLEST) {	/* the rest is next in turn */
		b->head -= rest;
		after(b)->head = rest | USED | PREV_USED;
		release(after(b));
		rover = after(b);
	}
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

static void *first_realloc(void *p, size_t size)
{
	size_t held = first_usable(p);
	void *new = size > held ? first_malloc(size) : p;

	if (new && new != p) {
		memcpy(new, p, held);
		first_free(p);
	}
	return new;
}

static void *first_aligned(size_t alignment, size_t size)
{
	return first_malloc(alignment <= 8 ? size : SIZE_MAX);	/* it can do no better */
}

const struct heap_ops heap_first = { "first", first_malloc, first_realloc, first_free, first_aligned, first_usable };
