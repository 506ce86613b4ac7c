/*
 * malloc_first.c - malloc, calloc, realloc, free: the plain first reading. Blocks fill the memory
 * that sbrk() gives without a gap. Each begins with a head: its size, a multiple of 8, and two
 * bits, is it used, is the one before it used? A free block has its size in its last word too,
 * where the one behind it finds it (boundary tags: Knuth, The Art of Computer Programming, 2.5);
 * so free() reaches both neighbours at once and joins what is free. Free blocks form a ring. The
 * first large enough is taken, from where the last search ended; what is freed comes last.
 */
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

void *malloc(size_t size)
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

void free(void *p)
{
	if (p)
		release(block_of(p));
}

void *calloc(size_t count, size_t size)
{
	void *p = malloc(size && count > PTRDIFF_MAX / size ? SIZE_MAX : count * size);

	return p ? memset(p, 0, count * size) : NULL;
}

void *realloc(void *p, size_t size)
{
	size_t held = p ? size_of(block_of(p)) - HEAD : 0;
	void *new = size > held || !p ? malloc(size) : NULL;

	if (size > 0 && size <= held)
		return p;
	if (new)
		memcpy(new, p, held);
	if (new || size == 0)
		free(p);
	return new;
}
