/*
 * heap_spare.c - spare blocks become free ones.
 */
#include "heap_spare.h"

#include "heap_fast.h"
#include "heap_slab.h"

#include <string.h>

struct heap_spare heap_spare;

HEAP_CALL void spare_begin_list(unsigned int n)
{
	bits_set(&heap_spare.words, n / 32);
}

static void release(unsigned int n)
{
	struct block *b;

	while ((b = heap_at(heap_spare.first[n]))) {
		heap_spare.first[n] = b->next;
		heap_spare.room[n]++;
		slab_count_block(n * 8, -1);
		block_give(b);
	}
}

/* => were there any? */
static bool release_word(unsigned int w)
{
	unsigned int bit;
	bool were = false;

	while (bits_lowest(heap_spare.filled[w], &bit)) {
		bits_clear(&heap_spare.filled[w], bit);
		were |= heap_spare.first[w * 32 + bit] != 0;
		release(w * 32 + bit);
	}
	return were;
}

bool spare_release(void)
{
	unsigned int w;
	bool were = false;

	while (bits_lowest(heap_spare.words, &w)) {
		bits_clear(&heap_spare.words, w);
		were |= release_word(w);
	}
	return were;
}

void spare_end(void)
{
	if (!spare_release())
		return;
	memset(heap_spare.earned, 0, sizeof(heap_spare.earned));
	memset(heap_spare.room, 0, sizeof(heap_spare.room));
}
