/*
 * heap_block.c - blocks with boundary tags, and the break that their memory comes from.
 *
 * Blocks fill the heap without gaps. Each begins with a header: its size, and whether it and its predecessor are used. A free
 * block has its size in its last word too, where the next block finds it (Knuth, The Art of Computer Programming, 2.5), so
 * that two free blocks are never adjacent. The smallest free block that is large enough is split (best fit; heap_bins.h says
 * how nearly). After the last block is a used header of size 0, and behind it free memory up to the break, which is taken if no
 * free block is large enough: the last block is never free. If other code has moved the break, that header becomes a used
 * block over the foreign memory, and the heap continues after it.
 */
#include "heap_block.h"

#include "heap.h"
#include "heap_fast.h"
#include "heap_map.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/*
 * The break goes up by a hundredth of the heap or more, so that large heaps need few calls, and small ones waste little. It goes
 * down by a 32nd or more: so memory that was just obtained is not given back.
 */
enum { GROW_PART = 100, TRIM_PART = 32 };

/* A growing block at the end moves down if free memory of an 8th of its size is before it; an 8th of that stays free. */
enum { SLIDE_PART = 8, POCKET_PART = 8 };

uint32_t bins_first[BINS], bins_bits[BINS / 32 + 1], bins_words;
uint32_t block_first, block_end, block_limit;

HEAP_CALL void block_tell_split(const struct block *b)
{
	const struct block *rest = block_after(b);

	if (heap_tracing && !(rest->head & USED))
		heap_tell("heap split at=%p size=%u rest=%u\n", (const void *)b, block_size(b), block_size(rest));
}

HEAP_CALL void block_tell_joins(const struct block *b)
{
	const struct block *after = block_after(b), *before;
	uint32_t size = block_size(b);

	if (!heap_tracing)
		return;
	if (!(after->head & USED)) {
		heap_tell("heap join at=%p size=%u next=%u\n", (const void *)b, size, block_size(after));
		size += block_size(after);
	}
	if (!(b->head & PREV_USED)) {
		before = block_before(b);
		heap_tell("heap join at=%p size=%u next=%u\n", (const void *)before, block_size(before), size);
	}
}

/* --- the break --- */

/* => is the break, which is `now`, where we left it? */
static bool end_is_ours(uint32_t now)
{
	if (block_limit && now < block_limit + HEAD)
		heap_stop("brk", heap_at(now), "the break is inside the heap, whose end is %p", heap_at(block_limit + HEAD));
	return block_limit && now == block_limit + HEAD;
}

/* Moves the break up. => false, nothing has changed: it cannot, or is not where we left it */
static bool move_break(uint32_t bytes)
{
	uint32_t end = block_limit + HEAD, was;

	if (bytes > INT32_MAX || end + bytes < end || !map_cover(heap_map.base * MAP_GRAIN, end + bytes))
		return false;
	was = heap_address(sbrk(bytes));
	if (was == end)
		block_limit += bytes;
	else if (was != UINT32_MAX && !end_is_ours(was))
		sbrk(-(intptr_t)bytes);
	return was == end;
}

/* Moves the break up by `more` or, if possible, by a hundredth of the heap. => false, nothing has changed: the same */
static bool extend(uint32_t more)
{
	uint32_t part = ((block_limit - block_first) / GROW_PART) & ~7u;

	return (part > more && move_break(part)) || move_break(more);
}

/* Starts the heap, or continues it after foreign memory, which a used block covers from now on. */
static void begin_segment(uint32_t now)
{
	uint32_t start = ((now + 7) & ~7u) + HEAD, rest = block_limit - block_end;
	struct block *last = heap_at(block_end), *fence = rest < SMALLEST ? last : heap_at(block_limit);

	if (block_first)
		fence->head = (start - heap_address(fence)) | USED | PREV_USED | FOREIGN;
	else
		block_first = start;
	if (rest >= SMALLEST) {
		block_tag(last, rest);
		bins_put(last, rest);
	}
	block_set_end(heap_at(start));
}

/* Sees to it that there are `need` bytes at the end. => false and ENOMEM, nothing has changed: the break cannot move */
static bool make_room(uint32_t need)
{
	uint32_t now, bytes, base;

	if (block_first && extend(need - (block_limit - block_end)))
		return true;
	now = heap_address(sbrk(0));
	bytes = (-now & 7) + need + 2 * HEAD;
	base = heap_map.bits ? heap_map.base * MAP_GRAIN : now & -MAP_SLAB;
	if (end_is_ours(now) || bytes > INT32_MAX || now + bytes < now || !map_cover(base, now + bytes) ||
	    sbrk(bytes) == (void *)-1) {
		errno = ENOMEM;
		return false;
	}
	begin_segment(now);
	block_limit = now + bytes - HEAD;
	return true;
}

/* Gives the free memory at the end back to the system. */
HEAP_CALL void block_trim(void)
{
	uint32_t bytes = block_limit - block_end;

	if (bytes >= (block_limit - block_first) / TRIM_PART && end_is_ours(heap_address(sbrk(0))) &&
	    sbrk(-(intptr_t)bytes) != (void *)-1)
		block_limit = block_end;
}

/* --- taking --- */

HEAP_CALL struct block *block_find(uint32_t need)
{
	struct block *b = block_take(need);

	if (b)
		block_tell_split(b);
	return b;
}

HEAP_CALL struct block *block_grow(uint32_t need)
{
	return make_room(need) ? block_take_end(need) : NULL;
}

/* => where a block with such a payload can begin: at this address, or so far above it that a free block fits between */
static uint32_t aligned_place(uint32_t from, uint32_t alignment)
{
	uint32_t at = ((from + HEAD + alignment - 1) & -alignment) - HEAD;

	return at == from || at - from >= SMALLEST ? at : at + alignment;
}

/* Makes free what is before `b` in the memory from `from` on. */
static void free_gap(struct block *b, uint32_t from)
{
	uint32_t gap = heap_address(b) - from;

	if (!gap)
		return;
	block_tag(heap_at(from), gap);
	bins_put(heap_at(from), gap);
	HEAP_TELL("heap split at=%p size=%u rest=%u\n", heap_at(from), gap, block_size(b));
}

/* Frees the part of a used block after `need`. */
static void cut(struct block *b, uint32_t need)
{
	uint32_t bytes = block_size(b) - need;
	struct block *rest = block_behind(b, need);

	if (bytes < SMALLEST)
		return;
	HEAP_TELL("heap split at=%p size=%u rest=%u\n", (void *)b, need, bytes);
	b->head -= bytes;
	rest->head = bytes | USED | PREV_USED;
	block_give(rest);
}

static bool fits_aligned(struct block *b, uint32_t need, uint32_t alignment)
{
	return aligned_place(heap_address(b), alignment) + need <= heap_address(b) + block_size(b);
}

/* => a block from the free memory at the end; NULL: there is too little */
static struct block *take_end_aligned(uint32_t need, uint32_t alignment)
{
	uint32_t from = block_end, gap = aligned_place(from, alignment) - from;
	struct block *b = block_take_end(gap + need);

	if (!b || !gap)
		return b;
	b = block_behind(b, gap);
	b->head = need | USED | PREV_USED;
	free_gap(b, from);
	return b;
}

struct block *block_find_aligned(uint32_t need, uint32_t alignment)
{
	struct block *b = NULL, *used;
	uint32_t size;

	for (unsigned int n = bins_number(need); !b && n; n = bins_filled(n + 1)) {
		b = heap_at(bins_first[n]);
		while (b && !fits_aligned(b, need, alignment))
			b = heap_at(b->next);
	}
	if (!b)
		return take_end_aligned(need, alignment);
	bins_remove(b);
	size = block_size(b);
	used = heap_at(aligned_place(heap_address(b), alignment));
	block_behind(b, size)->head |= PREV_USED;
	used->head = (size - (heap_address(used) - heap_address(b))) | USED | PREV_USED;
	free_gap(used, heap_address(b));
	cut(used, need);
	return used;
}

struct block *block_grow_aligned(uint32_t need, uint32_t alignment)
{
	bool ours = end_is_ours(heap_address(sbrk(0)));

	if (!make_room(ours ? aligned_place(block_end, alignment) + need - block_end : need + 2 * alignment))
		return NULL;
	return take_end_aligned(need, alignment);
}

/* --- giving, and another size --- */

HEAP_CALL void block_give(struct block *b)
{
	block_tell_joins(b);
	block_free(b);
}

/* Merges a block with the free one before it, of which `pocket` bytes stay free, and moves its contents down. */
static struct block *slide_down(struct block *b, uint32_t pocket)
{
	struct block *before = block_before(b), *to = block_behind(before, pocket);
	uint32_t size = block_size(before) - pocket + block_size(b), bytes = block_size(b) - HEAD;

	HEAP_TELL("heap join at=%p size=%u next=%u\n", (void *)before, block_size(before), block_size(b));
	bins_remove(before);
	memmove(block_payload(to), block_payload(b), bytes);
	to->head = size | USED | PREV_USED;
	free_gap(to, heap_address(before));
	return to;
}

/* Takes the free block after a used one, `behind` bytes, into it. */
static void widen(struct block *b, uint32_t behind)
{
	struct block *after = block_after(b);

	if (!behind)
		return;
	HEAP_TELL("heap join at=%p size=%u next=%u\n", (void *)b, block_size(b), behind);
	bins_remove(after);
	b->head += behind;
	block_behind(after, behind)->head |= PREV_USED;
}

/* Takes what is free before a block, but a pocket, if that is much. */
static struct block *slide_last(struct block *b, uint32_t need)
{
	uint32_t held = block_size(b), before = b->head & PREV_USED ? 0 : ((uint32_t *)b)[-1], pocket = before / POCKET_PART & ~7u;

	if (before < held / SLIDE_PART || pocket < SMALLEST || before - pocket + held + block_limit - block_end < need)
		return b;
	return slide_down(b, pocket);
}

HEAP_CALL struct block *block_grow_last(struct block *b, uint32_t need)
{
	uint32_t more, rest = block_limit - block_end;

	if (heap_address(block_after(b)) != block_end)
		return NULL;
	b = slide_last(b, need);
	if (block_size(b) < need) {
		more = need - block_size(b);
		if (more > rest && !extend(more - rest))
			return NULL;
		block_lengthen(b, more);
	}
	cut(b, need);
	return b;
}

HEAP_CALL struct block *block_resize(struct block *b, uint32_t need)
{
	uint32_t held = block_size(b), before = b->head & PREV_USED ? 0 : ((uint32_t *)b)[-1];
	struct block *after = block_behind(b, held);
	uint32_t behind = after->head & USED ? 0 : block_size(after);

	if (held < need) {
		if (before + held + behind < need)
			return NULL;
		widen(b, behind);
		if (held + behind < need)
			b = slide_down(b, 0);
	}
	cut(b, need);
	return b;
}
