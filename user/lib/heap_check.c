/*
 * heap_check.c - checks the invariants. Called by tests after each operation; no program needs it.
 *
 * H1  Blocks fill the heap from the first to the last without gaps. Sizes are multiples of 8, and 16 or more. The header behind
 *     the last is not above its limit.
 * H2  Each header says whether the block before is used; a free block ends with its size; no two free ones are adjacent, and
 *     the last block is not free.
 * H3  The bins hold each free block in the list of its size, and nothing else; links lead both ways; a list with blocks has its
 *     bit, and the bit's word too.
 * H4  Where a used block or an object begins there is a bit, and nowhere else: spare blocks, slabs, and blocks over foreign
 *     memory have none. A slab has a bit of its own kind.
 * H5  A slab stands on a multiple of its size. Its objects in use, which have bits, and those in its free list are all that it
 *     holds. It is in its class's open list if it has a free object; what is in that list says so.
 * H6  The counts are right: blocks of each small size, slabs of each class; slabs without objects are known to be.
 * H7  The lists of spare blocks hold each of them by its size, and nothing else; a list with blocks has its bit, and the bit's
 *     word too. What a size has earned is in its list, or is room.
 */
#include "heap.h"
#include "heap_bins.h"
#include "heap_block.h"
#include "heap_map.h"
#include "heap_slab.h"
#include "heap_spare.h"

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
	uint32_t binned, bits, spare, live[SLAB_COUNTED / 8], slabs[SLAB_CLASSES], open[SLAB_CLASSES], listed[SLAB_CLASSES];
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
	uint32_t size = s->class * 8, first = heap_address(s) + sizeof(*s), last, free = 0, bits = 0;

	HOLDS(heap_address(s) % SLAB_SIZE == 0 && block_size(block_of(s)) == SLAB_SIZE, "H5: slab %p of %u bytes", (void *)s,
	      block_size(block_of(s)));
	HOLDS(s->class && s->class < SLAB_CLASSES, "H5: slab %p has class %u", (void *)s, s->class);
	last = slab_objects(s->class) - 1;
	for (uint16_t at = s->free; at; at = *(uint16_t *)((char *)s + at), free++) {
		uint32_t offset = at - sizeof(*s);

		HOLDS(offset % size == 0 && offset / size <= last && free <= last, "H5: slab %p: free object at %u", (void *)s, at);
		HOLDS(!map_has(heap_address(s) + at), "H5: slab %p: the free object at %u has a bit", (void *)s, at);
	}
	for (uint32_t i = 0; i <= last; i++)
		bits += map_has(first + i * size);
	HOLDS(bits == s->used && free + bits == last + 1, "H5: slab %p: %u used, %u bits, %u free of %u", (void *)s, s->used, bits,
	      free, last + 1);
	HOLDS(bits || slab_emptied, "H6: slab %p has no objects", (void *)s);
	met.bits += bits;
	met.slabs[s->class]++;
	met.open[s->class] += free > 0;
	met.listed[s->class] += s->listed;
	return NULL;
}

static const char *check_used(struct block *b, uint32_t size)
{
	bool has_bit = map_has(heap_address(b) + HEAD), is_slab = slab_has(block_payload(b));

	HOLDS(!has_bit || !(is_slab || b->head & FOREIGN), "H4: block %p, head %x, has a bit", (void *)b, b->head);
	if (is_slab)
		return check_slab(block_payload(b));
	if (b->head & FOREIGN)
		return NULL;
	met.bits += has_bit;
	met.spare += !has_bit;
	if (size < SLAB_COUNTED)
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
	HOLDS(bad || (before_used && b->head == (USED | PREV_USED)), "H1: the head at the end is %x", b->head);
	HOLDS(bad || (block_end <= block_limit && block_limit % 8 == HEAD), "H1: the end is %x, its limit %x", block_end,
	      block_limit);
	return bad;
}

/* => NULL: the list that the word `link` begins is right; it counts its blocks */
static const char *check_list(uint32_t *link, unsigned int bin, uint32_t *binned)
{
	for (struct block *b = heap_at(*link); b; link = &b->next, b = heap_at(*link), ++*binned) {
		HOLDS(!(b->head & USED) && bin == bins_number(block_size(b)), "H3: block %p, head %x, in bin %u", (void *)b,
		      b->head, bin);
		HOLDS(b->link == heap_address(link), "H3: block %p in bin %u is linked from %x, not %p", (void *)b, bin, b->link,
		      (void *)link);
	}
	return NULL;
}

static const char *check_bins(void)
{
	uint32_t binned = 0;
	const char *bad = NULL;

	for (unsigned int bin = 0; bin < BINS && !bad; bin++) {
		HOLDS(bits_has(bins_bits, bin) >= !!bins_first[bin] &&
		      bits_has(&bins_words, bin / 32) >= !!bins_bits[bin / 32],
		      "H3: bin %u begins with %x, its word is %x", bin, bins_first[bin], bins_bits[bin / 32]);
		bad = check_list(&bins_first[bin], bin, &binned);
	}
	HOLDS(bad || binned == met.binned, "H3: %u blocks in the bins, %u free", binned, met.binned);
	return bad;
}

static const char *check_spare(void)
{
	uint32_t all = 0;

	for (unsigned int n = 0; n < SPARE_SIZES; n++) {
		uint32_t at = heap_spare.first[n], count = 0, earned = heap_spare.earned[n];

		HOLDS(!at || (bits_has(heap_spare.filled, n) && bits_has(&heap_spare.words, n / 32)),
		      "H7: the spare blocks of %u bytes have no bit", n * 8);
		for (struct block *b; at; at = b->next) {
			b = heap_at(at);
			HOLDS(b->head / 8 == n && b->head & USED && !map_has(at + HEAD) && ++count <= SPARE_MOST,
			      "H7: block %p, head %x, is number %u of the spare ones of %u bytes", (void *)b, b->head, count,
			      n * 8);
		}
		HOLDS(count + heap_spare.room[n] == (earned > SPARE_EARLY ? earned - SPARE_EARLY : 0),
		      "H7: %u spare blocks of %u bytes, room for %u, earned %u", count, n * 8, heap_spare.room[n], earned);
		all += count;
	}
	HOLDS(all == met.spare, "H7: %u blocks in the lists of spare ones, %u there", all, met.spare);
	return NULL;
}

static uint32_t bits_in(const uint32_t *words, uint32_t n)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t word = words[i]; word; word &= word - 1)
			bits++;
	return bits;
}

static const char *check_counts(void)
{
	uint32_t words = heap_map.bits / 32, bits = bits_in(heap_map.words, words), all = 0;

	HOLDS(bits == met.bits, "H4: %u bits, %u things in use", bits, met.bits);
	for (unsigned int i = 0; i < SLAB_COUNTED / 8; i++)
		HOLDS(met.live[i] == slab_blocks[i], "H6: %u blocks of %u bytes, counted %u", met.live[i], i * 8, slab_blocks[i]);
	for (unsigned int class = 0; class < SLAB_CLASSES; class++) {
		uint32_t listed = 0, open = 0;

		for (const struct slab *s = slab_open[class]; s != &slab_none; s = s->next, listed++) {
			HOLDS(listed < met.listed[class] && s->listed, "H5: class %u: slab %p in its list", class, (const void *)s);
			open += s->free > 0;
		}
		HOLDS(open == met.open[class] && listed == met.listed[class] && met.slabs[class] == slab_count[class],
		      "H6: class %u: %u of %u open, %u of %u listed, %u of %u there", class, open, met.open[class], listed,
		      met.listed[class], met.slabs[class], slab_count[class]);
		all += slab_count[class];
	}
	bits = heap_map.bits ? bits_in(heap_map.words + words, MAP_SLAB_WORDS(words)) : 0;
	HOLDS(bits == all, "H4: %u bits of slabs, %u slabs", bits, all);
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
	if (!bad)
		bad = check_spare();
	return bad ? bad : check_counts();
}
