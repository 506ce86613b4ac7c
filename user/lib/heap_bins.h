/*
 * heap_bins.h - free blocks by size: a list for each size below 512, eight for each doubling above, in which the smallest
 * comes first. A bit for each list tells whether it is empty, and a bit for each word of these whether it is 0: so the
 * best fit is found in a few steps, however many free blocks there are.
 *
 * Functions in a header, because heap_block.c spends half its time in them.
 */
#ifndef HEAP_BINS_H
#define HEAP_BINS_H

#include "heap_block.h"

enum { EXACT = 512, EXACT_LOG = 9, EXACT_BINS = EXACT / 8, BINS = EXACT_BINS + (32 - EXACT_LOG) * 8 };

/* Addresses of each list's first block, 0: empty; the bits; the bits of their words. */
struct heap_bins {
	uint32_t first[BINS], filled[(BINS + 31) / 32], words;
};
extern struct heap_bins heap_bins;

static inline unsigned int bins_number(uint32_t size)
{
	unsigned int log;

	if (size < EXACT)
		return size / 8;
	log = 31 - __builtin_clz(size);
	return EXACT_BINS - 8 + (log - EXACT_LOG) * 8 + (size >> (log - 3));
}

/* => the first list from number `n` on that is not empty; BINS: none */
static inline unsigned int bins_filled(unsigned int n)
{
	unsigned int w = n / 32;
	uint32_t bits;

	if (n >= BINS)
		return BINS;
	bits = heap_bins.filled[w] >> n % 32;
	if (bits)
		return n + __builtin_ctz(bits);
	bits = heap_bins.words & ~1u << w;
	if (!bits)
		return BINS;
	w = __builtin_ctz(bits);
	return w * 32 + __builtin_ctz(heap_bins.filled[w]);
}

static inline void bins_put(struct block *b, uint32_t size)
{
	unsigned int n = bins_number(size);
	uint32_t *link = &heap_bins.first[n], prev = 0;

	if (size >= EXACT)
		while (*link && block_size(heap_at(*link)) < size) {
			prev = *link;
			link = &((struct block *)heap_at(prev))->next;
		}
	b->prev = prev;
	b->next = *link;
	if (*link)
		((struct block *)heap_at(*link))->prev = heap_address(b);
	else if (!prev) {
		heap_bins.filled[n / 32] |= 1u << n % 32;
		heap_bins.words |= 1u << n / 32;
	}
	*link = heap_address(b);
}

/* Removes it from list number `n`. */
static inline void bins_unlink(struct block *b, unsigned int n)
{
	if (b->next)
		((struct block *)heap_at(b->next))->prev = b->prev;
	if (b->prev) {
		((struct block *)heap_at(b->prev))->next = b->next;
		return;
	}
	heap_bins.first[n] = b->next;
	if (!b->next && !(heap_bins.filled[n / 32] &= ~(1u << n % 32)))
		heap_bins.words &= ~(1u << n / 32);
}

static inline void bins_remove(struct block *b, uint32_t size)
{
	bins_unlink(b, bins_number(size));
}

/* Removes the smallest that has `size` bytes from its list. => the block; NULL: none */
static inline struct block *bins_take(uint32_t size)
{
	unsigned int n = bins_filled(bins_number(size));
	struct block *b = n < BINS ? heap_at(heap_bins.first[n]) : NULL;

	while (b && block_size(b) < size)
		b = heap_at(b->next);
	if (!b && n < BINS && (n = bins_filled(n + 1)) < BINS)
		b = heap_at(heap_bins.first[n]);
	if (b)
		bins_unlink(b, n);
	return b;
}

#endif
