/*
 * heap_best.c - the default heap: slabs for small objects, best fit for the rest.
 *
 * A size of small objects gets slabs once some two dozen are in use: below that a slab would waste more than the headers that
 * it saves. Before the break moves, slabs without objects are returned. realloc stays where it is if it can, and
 * grows into a free neighbour on either side.
 */
#include "heap.h"
#include "heap_block.h"
#include "heap_map.h"
#include "heap_slab.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EARNS = 24 };

uint32_t best_live[BEST_COUNTED / 8];

static inline void *begin(struct block *b)
{
	if (block_size(b) < BEST_COUNTED)
		best_live[block_size(b) / 8]++;
	map_set(heap_address(b) + HEAD);
	return block_payload(b);
}

static inline void finish(struct block *b)
{
	if (block_size(b) < BEST_COUNTED)
		best_live[block_size(b) / 8]--;
}

static void *take_block(uint32_t need)
{
	struct block *b = need ? block_find(need) : NULL;

	if (!b && need && slab_return_empty())
		b = block_find(need);
	if (!b && need)
		b = block_grow(need);
	if (b)
		return begin(b);
	errno = ENOMEM;
	return NULL;
}

static void *best_malloc(size_t size)
{
	uint32_t need = block_need(size);

	if (size <= SLAB_LARGEST) {
		unsigned int class = size ? (size + 7) / 8 : 1;

		if (slab_open[class] || ((best_live[need / 8] >= EARNS || slab_count[class]) && slab_make(class)))
			return slab_take(class);
	}
	return take_block(need);
}

static __attribute__((noreturn)) void refuse(const char *call, const void *p)
{
	struct heap_piece in = heap_find(p);
	long offset = (const char *)p - in.start;

	if ((in.kind == HEAP_USED || in.kind == HEAP_OBJECT) && offset >= 0)
		heap_stop(call, p, "it points %ld bytes into the %zu bytes at %p", offset, in.size, in.start);
	if (in.kind == HEAP_FREE || in.kind == HEAP_SLAB)
		heap_stop(call, p, "nothing is in use there; it may have been freed before");
	heap_stop(call, p, "malloc never gave this");
}

/* Ends the use of what `p` points to. => its slab; NULL: it is a block. The program ends if it was not in use. */
static inline struct slab *give_up(const char *call, void *p)
{
	struct slab *s = NULL;

	if (__builtin_expect(!map_covers(heap_address(p)) || (s = slab_of(heap_address(p))) == p || !map_clear(heap_address(p)), 0))
		refuse(call, p);
	return s;
}

static void best_free(void *p)
{
	struct slab *s = give_up("free", p);

	if (s) {
		slab_give(s, p);
		return;
	}
	finish(block_of(p));
	block_give(block_of(p));
}

static size_t best_usable(void *p)
{
	struct slab *s = give_up("malloc_usable_size", p);

	map_set(heap_address(p));
	return s ? s->class * 8 : block_size(block_of(p)) - HEAD;
}

static void *move(void *p, size_t held, size_t size)
{
	void *new = best_malloc(size);

	if (new) {
		memcpy(new, p, held < size ? held : size);
		best_free(p);
	}
	return new;
}

static void *best_realloc(void *p, size_t size)
{
	struct slab *s = give_up("realloc", p);
	uint32_t need = block_need(size);
	struct block *b;

	if (s) {
		map_set(heap_address(p));
		return size <= s->class * 8u ? p : move(p, s->class * 8, size);
	}
	finish(block_of(p));
	b = need ? block_resize(block_of(p), need) : NULL;
	if (b)
		return begin(b);
	begin(block_of(p));
	return move(p, block_size(block_of(p)) - HEAD, size);
}

static void *best_aligned(size_t alignment, size_t size)
{
	uint32_t need = block_need(size);
	struct block *b = NULL;

	if (need && alignment <= INT32_MAX / 2) {
		alignment = alignment < 8 ? 8 : alignment;
		b = block_find_aligned(need, alignment);
		if (!b && slab_return_empty())
			b = block_find_aligned(need, alignment);
		if (!b)
			b = block_grow_aligned(need, alignment);
	}
	if (b)
		return begin(b);
	errno = ENOMEM;
	return NULL;
}

const struct heap_ops heap_best = { "best", best_malloc, best_realloc, best_free, best_aligned, best_usable };
