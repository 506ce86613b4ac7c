/*
 * heap_best.c - the default heap: slabs for small objects, best fit for the rest.
 *
 * A size of small objects gets slabs once some two dozen are in use: below that a slab would waste more than the headers that
 * it saves. Before the break moves, slabs without objects are returned. realloc stays where it is if it can, and
 * grows into a free neighbour on either side.
 *
 * malloc and free only decide which way to go. The ways are functions that are never inlined: so malloc and free save
 * no registers, and each way saves only those that it needs.
 */
#include "heap.h"
#include "heap_fast.h"
#include "heap_map.h"
#include "heap_slab.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EARNS = 24 };

#define WAY static __attribute__((noinline)) HEAP_CALL

uint32_t best_live[BEST_COUNTED / 8];

/* It is in use from now on, with `size` bytes. */
static inline void *begin(struct block *b, uint32_t size)
{
	if (size < BEST_COUNTED)
		best_live[size / 8]++;
	map_set(heap_address(b) + HEAD);
	return block_payload(b);
}

static inline void finish(const struct block *b)
{
	if (block_size(b) < BEST_COUNTED)
		best_live[block_size(b) / 8]--;
}

/* There is no free block that is large enough; NEED is 0 when there can be none. */
WAY void *grow(uint32_t need)
{
	struct block *b = NULL;

	if (need && slab_return_empty())
		b = block_find(need);
	if (!b && need)
		b = block_grow(need);
	if (b)
		return begin(b, block_size(b));
	errno = ENOMEM;
	return NULL;
}

WAY void *take_block(uint32_t need)
{
	uint32_t size;
	struct block *b = block_take(need, &size);

	return b ? begin(b, size) : grow(need);
}

/* No slab of this class has a free object. */
WAY void *open_slab(unsigned int class, uint32_t need)
{
	if ((best_live[need / 8] >= EARNS || slab_count[class]) && slab_make(class))
		return slab_take(heap_at(slab_open[class]));
	return take_block(need);
}

WAY void *take_object(struct slab *s)
{
	return slab_take(s);
}

static void *best_malloc(size_t size)
{
	unsigned int class = (size + 7) / 8;

	if (size - 1 < SLAB_LARGEST)
		return slab_open[class] ? take_object(heap_at(slab_open[class])) : open_slab(class, block_need(size));
	if (size - 1 < INT32_MAX - 64)
		return take_block((size + HEAD + 7) & ~7u);
	return size ? grow(0) : take_block(SMALLEST);
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

/* Ends the use of what `p` points to. => is it an object of a slab? The program ends if it was not in use. */
static inline bool give_up(const char *call, void *p)
{
	uint32_t bit = map_bit(heap_address(p));
	bool is_object;

	if (__builtin_expect(!map_covers(bit), 0))
		refuse(call, p);
	is_object = slab_has_bit(bit);		/* first: the bit may be one of the slab's own */
	if (__builtin_expect(!bits_clear(map_words(), bit), 0))
		refuse(call, p);
	return is_object;
}

/* The same for the rest: a slab's own data is no object. */
static inline struct slab *slab_given(const char *call, void *p)
{
	struct slab *s = slab_around(p);

	if (__builtin_expect((uint32_t)((char *)p - (char *)s) >= sizeof(*s), 1))
		return s;
	map_set(heap_address(p));
	refuse(call, p);
}

WAY void free_block(struct block *b)
{
	finish(b);
	block_free(b);
}

WAY void free_object(void *p)
{
	slab_give(slab_given("free", p), p);
}

static void best_free(void *p)
{
	if (give_up("free", p))
		free_object(p);
	else
		free_block(block_of(p));
}

static size_t best_usable(void *p)
{
	bool is_object = give_up("malloc_usable_size", p);

	map_set(heap_address(p));
	return is_object ? slab_given("malloc_usable_size", p)->class * 8 : block_size(block_of(p)) - HEAD;
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

/* => the same block, or where its contents are now; NULL: there is no memory */
WAY void *resize_block(void *p, uint32_t need, size_t size)
{
	uint32_t held = block_size(block_of(p));
	struct block *b;

	if (need <= held && held - need < SMALLEST)
		return p;
	finish(block_of(p));
	b = need ? block_resize(block_of(p), need) : NULL;
	if (!b) {
		begin(block_of(p), held);
		return move(p, held - HEAD, size);
	}
	map_clear(heap_address(p));
	return begin(b, block_size(b));
}

static void *best_realloc(void *p, size_t size)
{
	size_t held;

	if (__builtin_expect(!map_has(heap_address(p)), 0))
		refuse("realloc", p);
	if (!slab_has_bit(heap_address(p) / MAP_GRAIN))
		return resize_block(p, block_need(size), size);
	held = slab_given("realloc", p)->class * 8;
	return size <= held ? p : move(p, held, size);
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
		return begin(b, block_size(b));
	errno = ENOMEM;
	return NULL;
}

const struct heap_ops heap_best = { "best", best_malloc, best_realloc, best_free, best_aligned, best_usable };
