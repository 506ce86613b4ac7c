/*
 * heap_fast.h - taking a free block and giving one back: the way of nearly every malloc and free of a block, without a call.
 */
#ifndef HEAP_FAST_H
#define HEAP_FAST_H

#include "heap_bins.h"
#include "heap_trace.h"

/* A free block's tags; its neighbours are used. */
static inline void block_tag(struct block *b, uint32_t size)
{
	struct block *after = block_behind(b, size);

	b->head = size | PREV_USED;
	((uint32_t *)after)[-1] = size;
	after->head &= ~PREV_USED;
}

/* => a used block of `need` bytes or slightly more, `*got`, from the free ones; NULL: none is large enough */
static inline struct block *block_take(uint32_t need, uint32_t *got)
{
	unsigned int n = bins_filled(bins_number(need)), m;
	struct block *b = heap_at(heap_bins.first[n]), *rest;
	uint32_t size;

	if (!b)
		return NULL;
	size = block_size(b);
	if (size < need) {
		b = block_search(need, n);
		if (!b)
			return NULL;
		size = block_size(b);
		n = heap_address(b) + size == block_end ? BINS_END : BINS_UNKNOWN;
	}
	rest = block_behind(b, need);
	if (size - need < SMALLEST) {
		bins_remove(b);
		b->head = size | USED | PREV_USED;
		block_behind(b, size)->head |= PREV_USED;
		*got = size;
		return b;
	}
	size -= need;
	if (__builtin_expect(heap_tracing, 0))
		block_tell_split(b, need, size);
	rest->head = size | PREV_USED;
	((uint32_t *)block_behind(rest, size))[-1] = size;
	b->head = need | USED | PREV_USED;
	*got = need;
	m = n == BINS_END ? BINS_END : bins_number(size);
	if (m == n) {
		bins_replace(b, rest);
	} else {
		bins_remove(b);
		bins_put(rest, m);
	}
	return b;
}

/* Frees a used block and merges it with its neighbours; a large one at the end goes back to the system. */
static inline void block_free(struct block *b)
{
	uint32_t head = b->head, size = head & ~FLAGS, other;
	struct block *after = block_behind(b, size);

	if (!(after->head & USED)) {
		other = block_size(after);
		if (__builtin_expect(heap_tracing, 0))
			block_tell_join(b, size, other);
		bins_remove(after);
		size += other;
		after = block_behind(after, other);
	}
	if (!(head & PREV_USED)) {
		other = ((uint32_t *)b)[-1];
		b = block_before(b);
		if (__builtin_expect(heap_tracing, 0))
			block_tell_join(b, other, size);
		bins_remove(b);
		size += other;
	}
	b->head = size | PREV_USED;
	((uint32_t *)after)[-1] = size;
	after->head &= ~PREV_USED;
	if (heap_address(after) != block_end)
		bins_put(b, bins_number(size));
	else
		block_give_end(b, size);
}

#endif
