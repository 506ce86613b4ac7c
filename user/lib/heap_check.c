/*
 * heap_check.c - checks the invariants. Called by tests after each operation; no program needs it.
 *
 * H1  Blocks fill the heap from the first to the last without gaps. Sizes are multiples of 8, and 16 or more.
 * H2  Each header says whether the block before is used; a free block ends with its size; no two free ones are adjacent.
 * H3  The bins hold each free block in the list of its size, the one at the end in a list of its own, and nothing else; links
 *     lead both ways, and the bits tell which lists are empty.
 * H4  Where a used block or an object begins there is a bit, where a slab begins there are two, and nowhere else. (A block over
 *     foreign memory has none.)
 * H5  A slab stands on a multiple of its size. Its objects in use, which have bits, and those in its free list are all that it
 *     holds. It is in its class's open list if it has a free object, and only then.
 * H6  The counts are right: blocks of each small size, slabs of each class, slabs without objects.
 */
#include "heap.h"
#include "heap_bins.h"
#include "heap_block.h"
#include "heap_map.h"
#include "heap_slab.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char text[160];

static const char *wrong(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return text;
}

#define HOLDS(condition, ...) \
	do { if (!(condition)) return wrong(__VA_ARGS__); } while (0)

/* What the walk over all blocks has found. */
static struct {
	uint32_t binned, bits, live[BEST_COUNTED / 8], slabs[SLAB_CLASSES], open[SLAB_CLASSES], empty;
} met;

static const char *check_free(const struct block *b, uint32_t size, bool before_used)
{
	HOLDS(before_used, "H2: free blocks side by side before %p", (void *)b);
	HOLDS(((uint32_t *)block_behind(b, size))[-1] == size, "H2: the free block %p of %u bytes ends with %u", (void *)b, size,
	      ((uint32_t *)block_behind(b, size))[-1]);
	met.binned++;
	return NULL;
}

static const char *check_slab(struct slab *s)
{
	uint32_t size = s->class * 8, first = heap_address(s) + sizeof(*s), last = s->count - 1, free = 0, bits = 0;

	HOLDS(heap_address(s) % SLAB_SIZE == 0 && block_size(block_of(s)) == SLAB_SIZE, "H5: slab %p of %u bytes", (void *)s,
	      block_size(block_of(s)));
	HOLDS(s->class && s->class < SLAB_CLASSES && s->count == (SLAB_SIZE - HEAD - sizeof(*s)) / size,
	      "H5: slab %p has class %u, %u objects", (void *)s, s->class, s->count);
	for (uint16_t at = s->free; at; at = *(uint16_t *)((char *)s + at), free++) {
		uint32_t offset = at - sizeof(*s);

		HOLDS(offset % size == 0 && offset / size <= last && free <= last, "H5: slab %p: free object at %u", (void *)s, at);
		HOLDS(!map_has(heap_address(s) + at), "H5: slab %p: the free object at %u has a bit", (void *)s, at);
	}
	for (uint32_t i = 0; i <= last; i++)
		bits += map_has(first + i * size);
	HOLDS(bits == s->used && free + bits == s->count, "H5: slab %p: %u used, %u bits, %u free of %u", (void *)s, s->used, bits,
	      free, s->count);
	met.bits += bits;
	met.slabs[s->class]++;
	met.open[s->class] += free > 0;
	met.empty += bits == 0;
	return NULL;
}

static const char *check_used(struct block *b, uint32_t size)
{
	if (map_has(heap_address(b) + HEAD))
		met.bits++;
	else
		return b->head & SLAB ? wrong("H4: the slab %p has no bit", (void *)b) : NULL;
	if (b->head & SLAB) {
		HOLDS(map_has(heap_address(b) + HEAD + MAP_GRAIN), "H4: the slab %p has one bit", (void *)b);
		met.bits++;
		return check_slab(block_payload(b));
	}
	if (size < BEST_COUNTED)
		met.live[size / 8]++;
	return NULL;
}

static const char *check_blocks(void)
{
	bool before_used = true;
	const char *bad = NULL;
	struct block *b;

	for (uint32_t at = block_first; at != block_end && !bad; at += block_size(b)) {
		b = heap_at(at);
		HOLDS(at < block_end && at % 8 == HEAD && block_size(b) >= SMALLEST,
		      "H1: block %p of %u bytes; the end is %x", (void *)b, block_size(b), block_end);
		HOLDS(!(b->head & PREV_USED) == !before_used, "H2: head %x at %p, but the one before is %s", b->head, (void *)b,
		      before_used ? "used" : "free");
		bad = b->head & USED ? check_used(b, block_size(b)) : check_free(b, block_size(b), before_used);
		before_used = b->head & USED;
	}
	b = heap_at(block_end);
	HOLDS(bad || b->head == (before_used ? USED | PREV_USED : USED), "H1: the head at the end is %x", b->head);
	return bad;
}

/* => NULL: the list that the word `link` begins is right; it counts its blocks */
static const char *check_list(uint32_t *link, unsigned int bin, uint32_t *binned)
{
	for (struct block *b = heap_at(*link); b; link = &b->next, b = heap_at(*link), ++*binned) {
		unsigned int number = heap_address(b) + block_size(b) == block_end ? BINS_END : bins_number(block_size(b));

		HOLDS(!(b->head & USED) && bin == number, "H3: block %p, head %x, in bin %u",
		      (void *)b, b->head, bin);
		HOLDS(b->link == heap_address(link), "H3: block %p in bin %u is linked from %x, not %p", (void *)b, bin, b->link,
		      (void *)link);
	}
	return NULL;
}

static const char *check_bins(void)
{
	uint32_t binned = 0;
	const char *bad = check_list(&heap_bins.first[BINS_END], BINS_END, &binned);

	for (unsigned int bin = 0; bin < BINS && !bad; bin++) {
		HOLDS(bits_has(heap_bins.filled, bin) == !!heap_bins.first[bin] &&
		      bits_has(&heap_bins.words, bin / 32) >= !!heap_bins.filled[bin / 32],
		      "H3: bin %u begins with %x, its word is %x", bin, heap_bins.first[bin], heap_bins.filled[bin / 32]);
		bad = check_list(&heap_bins.first[bin], bin, &binned);
	}
	HOLDS(bad || binned == met.binned, "H3: %u blocks in the bins, %u free", binned, met.binned);
	return bad;
}

static const char *check_counts(void)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < heap_map.bits / 32; i++)
		for (uint32_t word = heap_map.words[i]; word; word &= word - 1)
			bits++;
	HOLDS(bits == met.bits, "H4: %u bits, %u things in use", bits, met.bits);
	for (unsigned int i = 0; i < BEST_COUNTED / 8; i++)
		HOLDS(met.live[i] == best_live[i], "H6: %u blocks of %u bytes, counted %u", met.live[i], i * 8, best_live[i]);
	for (unsigned int class = 0; class < SLAB_CLASSES; class++) {
		uint32_t open = 0;

		for (uint32_t at = slab_open[class]; at; at = ((struct slab *)heap_at(at))->next)
			HOLDS(++open <= met.open[class], "H5: class %u: more slabs in its list than have room", class);
		HOLDS(open == met.open[class] && met.slabs[class] == slab_count[class],
		      "H6: class %u: %u of %u open, %u of %u there", class, open, met.open[class], met.slabs[class],
		      slab_count[class]);
	}
	HOLDS(met.empty == slab_empty, "H6: %u empty slabs, counted %u", met.empty, slab_empty);
	return NULL;
}

const char *heap_check(void)
{
	const char *bad = NULL;

	memset(&met, 0, sizeof(met));
	if (block_end)
		bad = check_blocks();
	if (!bad)
		bad = check_bins();
	return bad ? bad : check_counts();
}
