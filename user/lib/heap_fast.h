/*
 * heap_fast.h - taking a free block and giving one back, without a call: what malloc and free do when no spare block serves.
 */
#ifndef HEAP_FAST_H
#define HEAP_FAST_H

#include "heap_bins.h"
#include "heap_trace.h"

/* Free memory goes back to the system from here on, if it is at the end, and a part of the heap that is worth it. */
enum { TRIM = 128 << 10 };

/* A free block's tags; its neighbours are used. */
static inline void block_tag(struct block *b, uint32_t size)
{
	struct block *after = block_behind(b, size);

	b->head = size + PREV_USED;
	((uint32_t *)after)[-1] = size;
	after->head &= ~PREV_USED;
}

/* The heap's blocks end here. */
static inline void block_set_end(struct block *b)
{
	b->head = USED | PREV_USED;
	block_end = heap_address(b);
}

/* => a used block from the free memory at the end; NULL: it is not enough */
static inline struct block *block_take_end(uint32_t need)
{
	struct block *b = heap_at(block_end);

	if (need > block_limit - block_end)
		return NULL;
	block_set_end(block_behind(b, need));
	b->head = need + USED + PREV_USED;
	return b;
}

/* The last block gets `more` bytes of those at the end, where they are. */
static inline void block_lengthen(struct block *b, uint32_t more)
{
	block_set_end(block_behind(block_after(b), more));
	b->head += more;
}

/* => a used block of `need` bytes or slightly more from the free ones or the end; NULL: there is no room */
static inline struct block *block_take(uint32_t need)
{
	struct block *b = bins_take(need), *rest;
	uint32_t size;

	if (!b)
		return block_take_end(need);
	size = block_size(b) - need;
	rest = block_behind(b, need);
	if (size < SMALLEST) {
		b->head |= USED;
		block_behind(rest, size)->head |= PREV_USED;
		return b;
	}
	b->head = need + USED + PREV_USED;
	rest->head = size + PREV_USED;
	((uint32_t *)block_behind(rest, size))[-1] = size;
	bins_put(rest, size);
	return b;
}

/*
 * Frees a used block and merges it with its neighbours; much memory at the end goes back to the system. => the size of the free
 * block; 0: it is part of the end now
 */
static inline uint32_t block_free(struct block *b)
{
	uint32_t head = b->head, size = head & ~FLAGS, other;
	struct block *after;

	if (!(head & PREV_USED)) {
		other = ((uint32_t *)b)[-1];
		b = block_before(b);
		bins_remove(b);
		size += other;
	}
	after = block_behind(b, size);
	other = after->head;
	if (!(other & USED)) {
		other &= ~FLAGS;
		bins_remove(after);
		size += other;
		after = block_behind(after, other);
	}
	if (heap_address(after) != block_end) {
		b->head = size + PREV_USED;
		((uint32_t *)after)[-1] = size;
		after->head &= ~PREV_USED;
		bins_put(b, size);
		return size;
	}
	block_set_end(b);
	if (__builtin_expect(block_limit - block_end >= TRIM, 0))
		block_trim();
	return 0;
}

#endif
