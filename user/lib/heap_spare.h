/*
 * heap_spare.h - spare blocks: a few freed ones of each size up to 4 KiB, kept whole for the next request of that size.
 *
 * Programs free what they will soon ask for again: merging such a block with its neighbours, and cutting it out again, is
 * most of the work of malloc and free. A spare block is used as far as its neighbours know, but has no bit in the map. The
 * spare ones are freed before the break moves up, and when they may keep it from moving down: so they cost no memory at the peak.
 *
 * Source: Weinstock and Wulf, Quick Fit (SIGPLAN Notices 1988), for lists of exact sizes.
 */
#ifndef HEAP_SPARE_H
#define HEAP_SPARE_H

#include "heap_block.h"
#include "heap_map.h"

/* A size earns room for a spare block each time that none was there, from the 17th time on: rare sizes would be in the way. */
enum { SPARE_LARGEST = 4096, SPARE_SIZES = SPARE_LARGEST / 8 + 1, SPARE_MOST = 32, SPARE_EARLY = 16 };

/* For each size, divided by 8. A bit tells whether a list may have blocks, and a bit for each word of these whether any may. */
struct heap_spare {
	uint32_t first[SPARE_SIZES];		/* addresses of blocks; 0: none */
	uint32_t filled[SPARE_SIZES / 32 + 1], words;
	uint8_t earned[SPARE_SIZES];		/* how often there was none, up to SPARE_EARLY + SPARE_MOST */
	uint8_t room[SPARE_SIZES];		/* how many more may be kept */
};
extern struct heap_spare heap_spare;

/* => the payload of a spare block of just this size, in use from now on; NULL: there is none */
static inline void *spare_take(uint32_t size)
{
	struct block *b = heap_at(heap_spare.first[size / 8]);

	if (!b)
		return NULL;
	heap_spare.first[size / 8] = b->next;
	heap_spare.room[size / 8]++;
	map_set(heap_address(b) + HEAD);
	return block_payload(b);
}

/* There was none: the size is in demand. */
static inline void spare_earn(uint32_t size)
{
	unsigned int n = size / 8;

	if (n >= SPARE_SIZES || heap_spare.earned[n] == SPARE_EARLY + SPARE_MOST)
		return;
	if (++heap_spare.earned[n] > SPARE_EARLY)
		heap_spare.room[n]++;
}

/* The bit of list N is set: its word's bit must be, too. */
void spare_begin_list(unsigned int n) HEAP_CALL;

/* Keeps a used block, whose bit is clear already, by its payload. => false: there are enough of its size, or it is too large */
static inline bool spare_keep(void *p)
{
	unsigned int n = block_of(p)->head / 8;

	if (n >= SPARE_SIZES || !heap_spare.room[n])
		return false;
	heap_spare.room[n]--;
	*(uint32_t *)p = heap_spare.first[n];
	heap_spare.first[n] = heap_address(p) - HEAD;
	if (!bits_set(heap_spare.filled, n))
		spare_begin_list(n);
	return true;
}

/* Frees all spare blocks. => were there any? */
bool spare_release(void);
/* The same, and sizes must earn their room anew. */
void spare_end(void);

#endif
