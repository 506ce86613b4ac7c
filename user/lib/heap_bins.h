/*
 * heap_bins.h - free blocks by size: a list for each size below 512, 32 lists for each doubling above. A bit for each list tells
 * whether it may have blocks, and a bit for each word of these whether it may have any: so a fit is found in a few steps,
 * however many free blocks there are. It is the best fit below 512 bytes, and within 6 % of it above:
 * of the list of the request's own size only the first block is looked at.
 *
 * The bit of a list that has become empty stays until a search finds out: lists fill again soon, and leaving one is the
 * more frequent by far. A block knows what points to it, so it leaves its list without a search for the list's number.
 *
 * Functions in a header, because the heap spends much of its time in them.
 * Source: Masmano, Ripoll, Crespo and Real, TLSF (ECRTS 2004), for two levels of bits.
 */
#ifndef HEAP_BINS_H
#define HEAP_BINS_H

#include "heap_bits.h"
#include "heap_block.h"

/* Each doubling has a word of bits. Those of the sizes below 256 share one, the first that is in use. */
enum { BINS_LOG = 8, BINS = 32 * 32 };

/* The addresses of each list's first block, 0: empty; the bits; and the bits of their words. */
extern uint32_t bins_first[BINS], bins_bits[BINS / 32 + 1], bins_words;

/* => the number of the list for a size, which is below 2^31 */
static inline unsigned int bins_number(uint32_t size)
{
	unsigned int log = bits_highest(size | 1 << BINS_LOG);

	return log * 32 + (size >> (log - 5));
}

/* => the first list from number `n` on that may have blocks; 0: none */
static inline unsigned int bins_filled(unsigned int n)
{
	unsigned int bit, w = n / 32;

	if (bits_lowest(bins_bits[w] >> n % 32, &bit))
		return n + bit;
	while (bits_lowest(bins_words & ~1u << w, &w)) {
		if (bits_lowest(bins_bits[w], &bit))
			return w * 32 + bit;
		bits_clear(&bins_words, w);
	}
	return 0;
}

static inline void bins_put(struct block *b, uint32_t size)
{
	unsigned int n = bins_number(size);
	uint32_t next = bins_first[n];

	b->link = heap_address(&bins_first[n]);
	b->next = next;
	bins_first[n] = heap_address(b);
	if (next) {
		((struct block *)heap_at(next))->link = heap_address(&b->next);
		return;
	}
	bits_set(bins_bits, n);
	bits_set(&bins_words, n / 32);
}

/* => was it the last of its list? */
static inline bool bins_remove(struct block *b)
{
	uint32_t next = b->next, *link = heap_at(b->link);

	*link = next;
	if (next)
		((struct block *)heap_at(next))->link = heap_address(link);
	return !next;
}

/* => a free block that fits, out of its list now; NULL: there is none */
static inline struct block *bins_take(uint32_t need)
{
	unsigned int n = bins_number(need);
	struct block *b;

	b = heap_at(bins_first[n]);
	if (b && block_size(b) >= need) {
		bins_remove(b);
		return b;
	}
	while ((n = bins_filled(n + 1))) {
		b = heap_at(bins_first[n]);
		if (b) {
			if (bins_remove(b))
				bits_clear(bins_bits, n);
			return b;
		}
		bits_clear(bins_bits, n);
	}
	return NULL;
}

#endif
