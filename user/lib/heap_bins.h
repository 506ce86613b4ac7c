/*
 * heap_bins.h - free blocks by size: a list for each size below 512, 32 lists for each doubling above. A bit for each list tells
 * whether it is empty, and a bit for each word of these whether it may have any: so a fit is found in a few steps, however many
 * free blocks there are. It is the best fit below 512 bytes, and within 3 % of it above.
 *
 * The free block at the end of the heap is alone in a last list: it is used only if nothing else fits. A block knows what
 * points to it, so it leaves its list without a search for the list's number.
 *
 * Functions in a header, because the heap spends half its time in them.
 * Source: Masmano, Ripoll, Crespo and Real, TLSF (ECRTS 2004), for two levels of bits.
 */
#ifndef HEAP_BINS_H
#define HEAP_BINS_H

#include "heap_bits.h"
#include "heap_block.h"

/* Each doubling has a word of bits; the sizes below the first share one. */
enum { BINS_LOG = 8, BINS_EXACT = 2 << BINS_LOG, BINS = (32 - BINS_LOG + 1) * 32 };

enum { BINS_END = BINS, BINS_UNKNOWN };

/* The bits of the words, the bits, and the addresses of each list's first block, 0: empty. The list BINS_END has no bit. */
struct heap_bins {
	uint32_t words, filled[BINS / 32 + 1], first[BINS + 1];
};
extern struct heap_bins heap_bins;

/* => the number of the list for a size, which is below 2^31 */
static inline unsigned int bins_number(uint32_t size)
{
	unsigned int log;

	if (size < BINS_EXACT)
		return size / 8;
	log = bits_highest(size);
	return (log - BINS_LOG) * 32 + (size >> (log - 5));
}

/* => the first list from number `n` on that is not empty; BINS_END: none */
static inline unsigned int bins_filled(unsigned int n)
{
	unsigned int bit, w = n / 32;

	if (bits_lowest(heap_bins.filled[w] >> n % 32, &bit))
		return n + bit;
	while (bits_lowest(heap_bins.words & ~1u << w, &w)) {
		if (bits_lowest(heap_bins.filled[w], &bit))
			return w * 32 + bit;
		bits_clear(&heap_bins.words, w);
	}
	return BINS_END;
}

/* Puts `b` where the word `link` points to the next block of a list, which may be 0. */
static inline uint32_t bins_link(struct block *b, uint32_t *link)
{
	uint32_t next = *link;

	b->link = heap_address(link);
	b->next = next;
	*link = heap_address(b);
	if (next)
		((struct block *)heap_at(next))->link = heap_address(&b->next);
	return next;
}

static inline void bins_put(struct block *b, unsigned int n)
{
	if (bins_link(b, &heap_bins.first[n]))
		return;
	bits_set(heap_bins.filled, n);
	bits_set(&heap_bins.words, n / 32);
}

static inline void bins_remove(struct block *b)
{
	uint32_t next = b->next, *link = heap_at(b->link);
	unsigned int n = link - heap_bins.first;

	*link = next;
	if (next) {
		((struct block *)heap_at(next))->link = heap_address(link);
	} else if (n < BINS) {
		bits_clear(heap_bins.filled, n);
	}
}

/* `rest` takes the place of `b` in its list. */
static inline void bins_replace(struct block *b, struct block *rest)
{
	uint32_t next = b->next, *link = heap_at(b->link);

	rest->next = next;
	rest->link = heap_address(link);
	*link = heap_address(rest);
	if (next)
		((struct block *)heap_at(next))->link = heap_address(&rest->next);
}

#endif
