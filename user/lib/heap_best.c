/*
 * heap_best.c - the default heap: slabs for small objects, best fit for the rest.
 *
 * A size of small objects gets slabs once 16 are in use: below that a slab would waste more than the headers that
 * it saves. Before the break moves, spare blocks become free, and slabs without objects are returned. realloc stays where it is
 * if it can, and grows into a free neighbour on either side.
 *
 * malloc and free themselves take and give what is at hand: an object of the first slab of its class, a spare block. For
 * the rest they only decide which way to go. The ways are functions that are never inlined: so malloc and free save no
 * registers, and each way saves only those that it needs.
 */
#include "heap.h"
#include "heap_fast.h"
#include "heap_map.h"
#include "heap_slab.h"
#include "heap_spare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How many small blocks earn a slab; the part of the heap that is much if it is free in one piece. */
enum { EARNS = 16, MUCH_PART = 8 };

/* Blocks below this size are counted when they come and go; if events are traced, all are told: so one test serves for both. */
uint32_t heap_watched = SLAB_COUNTED;

#define WAY static __attribute__((noinline)) HEAP_CALL

/* It is in use from now on. */
static inline void *begin(struct block *b, uint32_t size)
{
	slab_count_block(size, 1);
	map_set(heap_address(b) + HEAD);
	return block_payload(b);
}

/* There is no free block that is large enough; NEED is 0 when there can be none. */
WAY void *grow(uint32_t need)
{
	struct block *b = NULL;

	if (need && heap_spare.words && spare_release())
		b = block_find(need);
	if (!b && need && slab_emptied && slab_return_empty())
		b = block_find(need);
	if (!b && need)
		b = block_grow(need);
	if (b)
		return begin(b, block_size(b));
	errno = ENOMEM;
	return NULL;
}

WAY void note_taken(const struct block *b)
{
	slab_count_block(block_size(b), 1);
	block_tell_split(b);
}

WAY void note_freed(const struct block *b)
{
	slab_count_block(block_size(b), -1);
	block_tell_joins(b);
}

/* No spare block has this size. */
WAY void *take_block(uint32_t need)
{
	struct block *b;

	spare_earn(need);
	b = block_take(need);
	if (!b)
		return grow(need);
	if (need < heap_watched)
		note_taken(b);
	map_set(heap_address(b) + HEAD);
	return block_payload(b);
}

/* The first slab of this class has no free object, or the size is 0 or beyond all bounds. */
WAY void *take_small(size_t size)
{
	unsigned int class = (size + 7) / 8;
	uint32_t need = block_need(size);
	void *p;

	if (!need)
		return grow(0);
	p = spare_take(need);
	if (p)
		return p;
	if (slab_count[class] && slab_next(class))
		return slab_take(class);
	if (size && (slab_blocks[need / 8] >= EARNS || slab_count[class]) && slab_make(class))
		return slab_take(class);
	return take_block(need);
}

static void *best_malloc(size_t size)
{
	unsigned int class = (size + 7) / 8;
	void *p;

	if (class < SLAB_CLASSES) {
		p = slab_take(class);
		return p ? p : take_small(size);
	}
	if (size <= SPARE_LARGEST - HEAD) {
		p = spare_take((size + HEAD + 7) & ~7u);
		if (p)
			return p;
	} else if (size > INT32_MAX - 64) {
		return grow(0);
	}
	return take_block((size + HEAD + 7) & ~7u);
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

/* What free is called with was not in use. */
WAY void free_unknown(void *p)
{
	if (p)
		refuse("free", p);
}

/* The program frees much. Spare blocks, or those that it frees next, could keep all that from the end, where it goes back. */
WAY void much_is_free(uint32_t size)
{
	if (size >= (block_limit - block_first) / MUCH_PART)
		spare_end();
}

WAY void free_block(struct block *b)
{
	uint32_t size;

	if (b->head < heap_watched)
		note_freed(b);
	size = block_free(b);
	if (__builtin_expect(size >= TRIM, 0))
		much_is_free(size);
}

static void best_free(void *p)
{
	uint32_t bit = map_bit(heap_address(p));

	if (__builtin_expect(!map_covers(bit) || !bits_clear(map_words(), bit), 0))
		free_unknown(p);
	else if (bits_has(map_slabs(), bit / (MAP_SLAB / MAP_GRAIN)))
		slab_give(p);
	else if (!spare_keep(p))
		free_block(block_of(p));
}

static size_t best_usable(void *p)
{
	if (!map_has(heap_address(p)))
		refuse("malloc_usable_size", p);
	return slab_has(p) ? slab_around(p)->class * 8u : block_size(block_of(p)) - HEAD;
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

/* The block is at `to` now, with its contents. */
static void *resized(const struct block *b, uint32_t held, struct block *to)
{
	slab_count_block(held, -1);
	map_clear(heap_address(b) + HEAD);
	return begin(to, block_size(to));
}

/* => is it spare, or over foreign memory? */
static bool is_spare(struct block *b)
{
	return b->head & USED && !map_has(heap_address(b) + HEAD) && !slab_has(block_payload(b));
}

/* => the same block, or where its contents are now; NULL: there is no memory */
WAY void *resize_block(struct block *b, size_t size)
{
	uint32_t held = block_size(b), need = block_need(size);
	struct block *to = NULL;

	if (held - need < SMALLEST)
		return block_payload(b);
	if (need)
		to = block_resize(b, need);
	if (!to && need && is_spare(block_after(b)) && spare_release())
		to = block_resize(b, need);
	return to ? resized(b, held, to) : move(block_payload(b), held - HEAD, size);
}

/* The last block, to be larger than it and what is free after it. */
WAY void *grow_last(struct block *b, size_t size)
{
	uint32_t held = block_size(b), need = block_need(size);
	struct block *to = NULL;

	spare_release();	/* one may be between this block and free memory before it */
	if (need)
		to = block_grow_last(b, need);
	return to ? resized(b, held, to) : move(block_payload(b), held - HEAD, size);
}

/* The last block: nothing is in its way. */
WAY void *resize_last(struct block *b, size_t size)
{
	uint32_t held = block_size(b), more = ((size + HEAD + 7) & ~7u) - held;

	if ((int32_t)more <= 0)
		return resize_block(b, size);
	if (more > block_limit - block_end || held < SLAB_COUNTED)
		return grow_last(b, size);
	block_lengthen(b, more);
	return block_payload(b);
}

WAY void *resize_object(void *p, size_t size)
{
	size_t held = slab_around(p)->class * 8;

	return size <= held ? p : move(p, held, size);
}

static void *best_realloc(void *p, size_t size)
{
	uint32_t bit = map_bit(heap_address(p));

	if (__builtin_expect(!map_covers(bit) || !bits_has(map_words(), bit), 0))
		refuse("realloc", p);
	if (bits_has(map_slabs(), bit / (MAP_SLAB / MAP_GRAIN)))
		return resize_object(p, size);
	if (heap_address(block_after(block_of(p))) == block_end)
		return resize_last(block_of(p), size);
	return resize_block(block_of(p), size);
}

static void *best_aligned(size_t alignment, size_t size)
{
	uint32_t need = block_need(size);
	struct block *b = NULL;

	if (need && alignment <= INT32_MAX / 2) {
		alignment = alignment < 8 ? 8 : alignment;
		b = block_find_aligned(need, alignment);
		if (!b && ((int)spare_release() | slab_return_empty()))
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
