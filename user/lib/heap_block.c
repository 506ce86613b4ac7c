/*
 * heap_block.c - blocks with boundary tags, and the break that their memory comes from.
 *
 * Blocks fill the heap without gaps. Each begins with a header: its size, and whether it and its predecessor are used. A free
 * block has its size in its last word too, where the next block finds it (Knuth, The Art of Computer Programming, 2.5), so
 * that two free blocks are never adjacent. The smallest free block that is large enough is split (best fit). After the last
 * block is a used header of size 0. If other code has moved the break, that header becomes a used block over the foreign
 * memory, and the heap continues after it.
 */
#include "heap_block.h"

#include "heap.h"
#include "heap_bins.h"
#include "heap_map.h"
#include "heap_trace.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/*
 * The break goes up by a 128th of the heap or more, so that large heaps need few calls, and small ones waste little. It goes
 * down by a 32nd or more: so memory that was just obtained is not given back.
 */
enum { GROW_PART = 128, TRIM_PART = 32, TRIM = 128 << 10, MAP_ALIGN = 2048 };

struct heap_bins heap_bins;
uint32_t block_first, block_end;

/*
 * Two kinds of free blocks are in no bin: the one at the end, which is used only if nothing else fits, and those of 8 bytes
 * before an aligned block, which have room only for their tags until a neighbour is freed.
 */
static inline bool is_in_bin(const struct block *b, uint32_t size)
{
	return heap_address(b) + size != block_end && size >= SMALLEST;
}

static inline void remove(struct block *b, uint32_t size)
{
	if (is_in_bin(b, size))
		bins_remove(b, size);
}

/* That block; NULL: the last is in use. */
static inline struct block *free_end(void)
{
	struct block *last = heap_at(block_end);

	return block_end && !(last->head & PREV_USED) ? block_before(last) : NULL;
}

/* Gives a free block, whose neighbours are used, its tags and puts it in its bin. */
static inline __attribute__((always_inline)) void put(struct block *b, uint32_t size)
{
	struct block *after = block_behind(b, size);

	b->head = size | PREV_USED;
	((uint32_t *)after)[-1] = size;
	after->head &= ~PREV_USED;
	if (is_in_bin(b, size))
		bins_put(b, size);
}

/* Marks a block that is in no bin as used; the part after `need` becomes free. Keeps PREV_USED. */
static inline __attribute__((always_inline)) void use(struct block *b, uint32_t size, uint32_t need)
{
	uint32_t rest = size - need;

	if (rest >= SMALLEST) {
		b->head = need | USED | (b->head & PREV_USED);
		put(block_behind(b, need), rest);
		HEAP_TELL("heap split at=%p size=%u rest=%u\n", (void *)b, need, rest);
	} else {
		b->head = size | USED | (b->head & PREV_USED);
		block_behind(b, size)->head |= PREV_USED;
	}
}

/* --- the break --- */

static uint32_t break_now(void)
{
	return heap_address(sbrk(0));
}

/* => is the break where we left it? */
static bool end_is_ours(uint32_t now)
{
	if (block_end && now < block_end + HEAD)
		heap_stop("brk", heap_at(now), "the break is inside the heap, whose end is %p", heap_at(block_end + HEAD));
	return block_end && now == block_end + HEAD;
}

/* Moves the break up by at least `more`, a 128th of the heap if possible. => the new break; 0, nothing changed: it cannot */
static uint32_t move_break(uint32_t now, uint32_t more)
{
	uint32_t part = (block_end - block_first) / GROW_PART & ~7u, base = block_first ? heap_map.base : now & -MAP_ALIGN;

	if (part > more && map_cover(base, now + part) && sbrk(part) != (void *)-1)
		return now + part;
	if (more <= INT32_MAX && now + more > now && map_cover(base, now + more) && sbrk(more) != (void *)-1)
		return now + more;
	return 0;
}

/* Starts the heap, or continues it after foreign memory, which the previous header covers from now on. */
static struct block *begin_segment(uint32_t now)
{
	struct block *b = heap_at(((now + 7) & ~7u) + HEAD), *fence = heap_at(block_end);

	if (block_end)
		fence->head |= heap_address(b) - block_end;
	else
		block_first = heap_address(b);
	b->head = PREV_USED;
	return b;
}

/* Moves the break up; the new memory and what was free at the end form a free block, in no bin, with its size in its header. */
static struct block *extend(uint32_t need)
{
	uint32_t now = break_now(), have, moved;
	bool ours = end_is_ours(now);
	struct block *last = free_end(), *b = ours ? last : NULL;

	have = b ? block_size(b) : 0;
	moved = move_break(now, ours ? need - have : need + 2 * SMALLEST);
	if (!moved) {
		errno = ENOMEM;
		return NULL;
	}
	if (!b)
		b = ours ? heap_at(block_end) : begin_segment(now);
	block_end = (moved & ~7u) - HEAD;
	((struct block *)heap_at(block_end))->head = USED | PREV_USED;
	b->head = (block_end - heap_address(b)) | (b->head & PREV_USED);
	if (last && !ours)
		put(last, block_size(last));	/* it is no longer at the end, so it has a bin */
	return b;
}

/* Gives free memory at the end back to the system. */
static bool trim(struct block *b, uint32_t size)
{
	if (size < (block_end - block_first) / TRIM_PART || !end_is_ours(break_now()) || sbrk(-(intptr_t)size) == (void *)-1)
		return false;
	b->head = USED | PREV_USED;
	block_end = heap_address(b);
	return true;
}

/* --- taking --- */

HEAP_CALL struct block *block_find(uint32_t need)
{
	struct block *b = bins_take(need);

	if (!b && (!(b = free_end()) || block_size(b) < need))
		return NULL;
	use(b, block_size(b), need);
	return b;
}

HEAP_CALL struct block *block_grow(uint32_t need)
{
	struct block *b = extend(need);

	if (b)
		use(b, block_size(b), need);
	return b;
}

/* => where a block with such a payload can begin, from this address on */
static uint32_t aligned_place(uint32_t from, uint32_t alignment)
{
	return ((from + HEAD + alignment - 1) & -alignment) - HEAD;
}

/* Cuts what is before that place off a block that is in no bin. */
static struct block *use_at(struct block *b, uint32_t at, uint32_t need)
{
	uint32_t gap = at - heap_address(b), size = block_size(b);
	struct block *used = heap_at(at);

	if (gap) {
		used->head = 0;
		put(b, gap);
		HEAP_TELL("heap split at=%p size=%u rest=%u\n", (void *)b, gap, size - gap);
	}
	use(used, size - gap, need);
	return used;
}

static bool fits_aligned(struct block *b, uint32_t need, uint32_t alignment)
{
	return aligned_place(heap_address(b), alignment) + need <= heap_address(b) + block_size(b);
}

struct block *block_find_aligned(uint32_t need, uint32_t alignment)
{
	unsigned int n = bins_filled(bins_number(need));
	struct block *b;

	for (; n < BINS; n = bins_filled(n + 1)) {
		b = heap_at(heap_bins.first[n]);
		while (b && !fits_aligned(b, need, alignment))
			b = heap_at(b->next);
		if (b) {
			bins_unlink(b, n);
			return use_at(b, aligned_place(heap_address(b), alignment), need);
		}
	}
	b = free_end();
	return b && fits_aligned(b, need, alignment) ? use_at(b, aligned_place(heap_address(b), alignment), need) : NULL;
}

struct block *block_grow_aligned(uint32_t need, uint32_t alignment)
{
	bool ours = end_is_ours(break_now());
	struct block *b = ours ? free_end() : NULL;
	uint32_t from = b ? heap_address(b) : block_end;
	uint32_t most = ours ? aligned_place(from, alignment) + need - from : need + alignment + SMALLEST;

	b = extend(most);
	return b ? use_at(b, aligned_place(heap_address(b), alignment), need) : NULL;
}

/* --- giving, and another size --- */

HEAP_CALL void block_give(struct block *b)
{
	uint32_t size = block_size(b);
	struct block *after = block_behind(b, size);

	if (!(after->head & USED)) {
		HEAP_TELL("heap join at=%p size=%u next=%u\n", (void *)b, size, block_size(after));
		remove(after, block_size(after));
		size += block_size(after);
	}
	if (!(b->head & PREV_USED)) {
		b = block_before(b);
		HEAP_TELL("heap join at=%p size=%u next=%u\n", (void *)b, block_size(b), size);
		remove(b, block_size(b));
		size += block_size(b);
	}
	if (size < TRIM || heap_address(b) + size != block_end || !trim(b, size))
		put(b, size);
}

/* Merges the block into the one before it and moves its contents. */
static struct block *slide_down(struct block *b, uint32_t held)
{
	struct block *before = block_before(b);

	remove(before, block_size(before));
	before->head = (block_size(before) + block_size(b)) | USED | PREV_USED;
	memmove(block_payload(before), block_payload(b), held - HEAD);
	return before;
}

/* Frees the part of a used block after `need`. */
static void cut(struct block *b, uint32_t need)
{
	uint32_t size = block_size(b);
	struct block *rest = block_behind(b, need);

	if (size - need < SMALLEST)
		return;
	HEAP_TELL("heap split at=%p size=%u rest=%u\n", (void *)b, need, size - need);
	b->head -= size - need;
	rest->head = (size - need) | USED | PREV_USED;
	block_give(rest);
}

struct block *block_resize(struct block *b, uint32_t need)
{
	uint32_t held = block_size(b);
	struct block *after = block_after(b);
	uint32_t behind = after->head & USED ? 0 : block_size(after);
	uint32_t before = b->head & PREV_USED ? 0 : ((uint32_t *)b)[-1];

	if (held + behind < need && heap_address(after) + behind == block_end && end_is_ours(break_now())) {
		if (!(after = extend(need - held)))
			return NULL;
		behind = block_size(after);
	} else if (held < need && before + held + behind < need) {
		return NULL;
	} else if (held < need && behind) {
		remove(after, behind);
	}
	if (held < need && behind) {
		HEAP_TELL("heap join at=%p size=%u next=%u\n", (void *)b, held, behind);
		b->head += behind;
		block_after(b)->head |= PREV_USED;
	}
	if (block_size(b) < need)
		b = slide_down(b, held);
	cut(b, need);
	return b;
}
