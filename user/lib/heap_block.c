/*
 * heap_block.c - blocks with boundary tags, and the break that their memory comes from.
 *
 * Blocks fill the heap without gaps. Each begins with a header: its size, and whether it and its predecessor are used. A free
 * block has its size in its last word too, where the next block finds it (Knuth, The Art of Computer Programming, 2.5), so
 * that two free blocks are never adjacent. The smallest free block that is large enough is split (best fit; heap_bins.h says
 * how nearly). After the last block is a used header of size 0. If other code has moved the break, that header becomes a used
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
 * The break goes up by a 128th of the heap or more, so that large heaps need few calls, and small ones waste little. It goes
 * down by a 32nd or more: so memory that was just obtained is not given back.
 */
enum { GROW_PART = 128, TRIM_PART = 32, TRIM = 128 << 10, MAP_ALIGN = 2048 };

/* How many blocks of one list are looked at for one that is large enough. */
enum { LOOKS = 16 };

/* A growing block at the end moves down if free memory of an 8th of its size is before it; an 8th of that stays free. */
enum { SLIDE_PART = 8, POCKET_PART = 8 };

struct heap_bins heap_bins;
uint32_t block_first, block_end;

HEAP_CALL void block_tell_split(struct block *b, uint32_t size, uint32_t rest)
{
	heap_tell("heap split at=%p size=%u rest=%u\n", (void *)b, size, rest);
}

HEAP_CALL void block_tell_join(struct block *b, uint32_t size, uint32_t next)
{
	heap_tell("heap join at=%p size=%u next=%u\n", (void *)b, size, next);
}

/* The free block at the end; NULL: the last is in use. */
static struct block *free_end(void)
{
	return heap_at(heap_bins.first[BINS_END]);
}

/* Marks a free block that is in no list as used; the part after `need` becomes free. Keeps PREV_USED. */
static void use(struct block *b, uint32_t size, uint32_t need)
{
	struct block *rest = block_behind(b, need);
	uint32_t bytes = size - need;

	if (bytes < SMALLEST) {
		b->head = size | USED | (b->head & PREV_USED);
		block_behind(b, size)->head |= PREV_USED;
		return;
	}
	b->head = need | USED | (b->head & PREV_USED);
	block_tag(rest, bytes);
	if (heap_address(rest) + bytes == block_end)
		bins_link(rest, &heap_bins.first[BINS_END]);
	else
		bins_put(rest, bins_number(bytes));
	HEAP_TELL("heap split at=%p size=%u rest=%u\n", (void *)b, need, bytes);
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
	uint32_t base = block_first ? heap_map.base * MAP_GRAIN : now & -MAP_ALIGN;
	uint32_t part = (block_end - block_first) / GROW_PART & ~7u;

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

/* Moves the break up; the new memory and what was free at the end form a free block, in no list, with its size in its header. */
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
	if (last)
		bins_remove(last);
	if (!b)
		b = ours ? heap_at(block_end) : begin_segment(now);
	if (last && !ours)
		bins_put(last, bins_number(block_size(last)));
	block_end = (moved & ~7u) - HEAD;
	((struct block *)heap_at(block_end))->head = USED | PREV_USED;
	b->head = (block_end - heap_address(b)) | (b->head & PREV_USED);
	return b;
}

/* Gives free memory at the end back to the system. */
static bool trim(struct block *b, uint32_t size)
{
	if (size < TRIM || size < (block_end - block_first) / TRIM_PART)
		return false;
	if (!end_is_ours(break_now()) || sbrk(-(intptr_t)size) == (void *)-1)
		return false;
	b->head = USED | PREV_USED;
	block_end = heap_address(b);
	return true;
}

HEAP_CALL void block_give_end(struct block *b, uint32_t size)
{
	if (!trim(b, size))
		bins_link(b, &heap_bins.first[BINS_END]);
}

/* --- taking --- */

HEAP_CALL struct block *block_search(uint32_t need, unsigned int n)
{
	struct block *b = heap_at(heap_bins.first[n]);

	for (unsigned int looks = LOOKS; b && looks; looks--, b = heap_at(b->next))
		if (block_size(b) >= need)
			return b;
	b = n == BINS_END ? NULL : heap_at(heap_bins.first[bins_filled(n + 1)]);
	return b && block_size(b) >= need ? b : NULL;
}

HEAP_CALL struct block *block_find(uint32_t need)
{
	uint32_t got;

	return block_take(need, &got);
}

HEAP_CALL struct block *block_grow(uint32_t need)
{
	struct block *b = extend(need);

	if (b)
		use(b, block_size(b), need);
	return b;
}

/* => where a block with such a payload can begin: at this address, or so far above it that a free block fits between */
static uint32_t aligned_place(uint32_t from, uint32_t alignment)
{
	uint32_t at = ((from + HEAD + alignment - 1) & -alignment) - HEAD;

	return at == from || at - from >= SMALLEST ? at : at + alignment;
}

/* Cuts what is before that place off a block that is in no list. */
static struct block *use_at(struct block *b, uint32_t at, uint32_t need)
{
	uint32_t gap = at - heap_address(b), size = block_size(b);
	struct block *used = heap_at(at);

	if (gap) {
		used->head = 0;
		block_tag(b, gap);
		bins_put(b, bins_number(gap));
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
	struct block *b = NULL;

	for (unsigned int n = bins_filled(bins_number(need)); !b; n = bins_filled(n + 1)) {
		b = heap_at(heap_bins.first[n]);
		while (b && !fits_aligned(b, need, alignment))
			b = heap_at(b->next);
		if (!b && n == BINS_END)
			return NULL;
	}
	bins_remove(b);
	return use_at(b, aligned_place(heap_address(b), alignment), need);
}

struct block *block_grow_aligned(uint32_t need, uint32_t alignment)
{
	bool ours = end_is_ours(break_now());
	struct block *b = ours ? free_end() : NULL;
	uint32_t from = b ? heap_address(b) : block_end;
	uint32_t most = ours ? aligned_place(from, alignment) + need - from : need + 2 * alignment + SMALLEST;

	b = extend(most);
	return b ? use_at(b, aligned_place(heap_address(b), alignment), need) : NULL;
}

/* --- giving, and another size --- */

HEAP_CALL void block_give(struct block *b)
{
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
	if (pocket) {
		HEAP_TELL("heap split at=%p size=%u rest=%u\n", (void *)before, pocket, size);
		block_tag(before, pocket);
		bins_put(before, bins_number(pocket));
	}
	return to;
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

/* Widens a used block to `need` bytes, of which it and the free block after it, with `behind` bytes, have enough. */
static void widen(struct block *b, uint32_t behind, uint32_t need)
{
	uint32_t held = block_size(b), bytes = held + behind - need;
	struct block *after = block_behind(b, held), *rest = block_behind(b, need), *end = block_behind(after, behind);

	HEAP_TELL("heap join at=%p size=%u next=%u\n", (void *)b, held, behind);
	if (bytes < SMALLEST) {
		bins_remove(after);
		b->head += behind;
		end->head |= PREV_USED;
		return;
	}
	HEAP_TELL("heap split at=%p size=%u rest=%u\n", (void *)b, need, bytes);
	if (heap_address(end) == block_end || bins_number(behind) == bins_number(bytes)) {
		bins_replace(after, rest);
	} else {
		bins_remove(after);
		bins_put(rest, bins_number(bytes));
	}
	b->head += need - held;
	rest->head = bytes | PREV_USED;
	((uint32_t *)end)[-1] = bytes;
}

/*
 * Makes room for `need` bytes or more in a block after which nothing is used. If much memory is free before the block, it moves
 * down, so the break does not move up: at most 8 bytes are copied for each byte gained. Some of that memory stays free for
 * small blocks, which would otherwise be placed behind the block and be in its way. => NULL and ENOMEM: there is no room
 */
static struct block *grow_end(struct block *b, uint32_t before, uint32_t behind, uint32_t need)
{
	uint32_t held = block_size(b), pocket = before / POCKET_PART & ~7u;
	struct block *more;

	if (before >= held / SLIDE_PART && pocket >= SMALLEST && before - pocket + held + behind >= need) {
		if (behind)
			widen(b, behind, held + behind);
		return slide_down(b, pocket);
	}
	more = extend(need - held);
	if (!more)
		return NULL;
	b->head += block_size(more);
	return b;
}

HEAP_CALL struct block *block_resize(struct block *b, uint32_t need)
{
	uint32_t held = block_size(b), before = b->head & PREV_USED ? 0 : ((uint32_t *)b)[-1];
	struct block *after = block_behind(b, held);
	uint32_t behind = after->head & USED ? 0 : block_size(after);

	if (held < need && held + behind >= need) {
		widen(b, behind, need);
		return b;
	}
	if (held < need && heap_address(after) + behind == block_end && end_is_ours(break_now())) {
		b = grow_end(b, before, behind, need);
		if (!b)
			return NULL;
	} else if (held < need) {
		if (before + held + behind < need)
			return NULL;
		if (behind)
			widen(b, behind, held + behind);
		b = slide_down(b, 0);
	}
	cut(b, need);
	return b;
}
