/*
 * heap_bins.c - free blocks by size: a list for each size below 512, eight for each doubling above, in which the smallest
 * comes first. A bit for each list tells whether there is anything in it, a bit for each word of these whether it is 0:
 * so the best fit is found in a few steps, however many free blocks there are.
 */
#include "heap_block.h"

enum { EXACT = 512, EXACT_LOG = 9, EXACT_BINS = EXACT / 8, BINS = EXACT_BINS + (32 - EXACT_LOG) * 8, WORDS = (BINS + 31) / 32 };

static uint32_t heads[BINS], filled[WORDS], filled_words;

static inline unsigned int number(uint32_t size)
{
	unsigned int log;

	if (size < EXACT)
		return size / 8;
	log = 31 - __builtin_clz(size);
	return EXACT_BINS - 8 + (log - EXACT_LOG) * 8 + (size >> (log - 3));
}

unsigned int bins_number(uint32_t size)
{
	return number(size);
}

HEAP_CALL void bins_put(struct block *b, uint32_t size)
{
	unsigned int n = number(size);
	uint32_t *link = &heads[n], prev = 0;
	struct block *next;

	if (size >= EXACT)
		while (*link && block_size(heap_at(*link)) < size) {
			prev = *link;
			link = &((struct block *)heap_at(prev))->next;
		}
	next = heap_at(*link);
	b->next = *link;
	b->prev = prev;
	*link = heap_address(b);
	if (next)
		next->prev = heap_address(b);
	filled[n / 32] |= 1u << n % 32;
	filled_words |= 1u << n / 32;
}

HEAP_CALL void bins_remove(struct block *b, uint32_t size)
{
	struct block *next = heap_at(b->next), *prev = heap_at(b->prev);
	unsigned int n;

	if (next)
		next->prev = b->prev;
	if (prev) {
		prev->next = b->next;
		return;
	}
	n = number(size);
	heads[n] = b->next;
	if (!next && !(filled[n / 32] &= ~(1u << n % 32)))
		filled_words &= ~(1u << n / 32);
}

/* The first list from `n` on that has anything; BINS: none. */
static unsigned int next_filled(unsigned int n)
{
	unsigned int w = n / 32;
	uint32_t bits;

	if (n >= BINS)
		return BINS;
	bits = filled[w] >> n % 32;
	if (bits)
		return n + __builtin_ctz(bits);
	bits = filled_words & ~1u << w;
	if (!bits)
		return BINS;
	w = __builtin_ctz(bits);
	return w * 32 + __builtin_ctz(filled[w]);
}

HEAP_CALL struct block *bins_best(uint32_t size)
{
	unsigned int n = next_filled(number(size));
	struct block *b;

	if (n == BINS)
		return NULL;
	b = heap_at(heads[n]);
	while (b && block_size(b) < size)
		b = heap_at(b->next);
	if (b)
		return b;
	n = next_filled(n + 1);
	return n == BINS ? NULL : heap_at(heads[n]);
}

struct block *bins_first(unsigned int *bin)
{
	*bin = next_filled(*bin);
	return *bin == BINS ? NULL : heap_at(heads[*bin]);
}
