/*
 * heap_map.h - a bit for every eight bytes of the heap, set where something in use begins: a block's payload, an object in a
 * slab. Behind them is a bit for every 2 KiB, set where a slab is.
 *
 * It costs a 64th of the heap. In return a wrong pointer is recognized with certainty, whatever bytes are around it, and
 * what an address points into begins at the next set bit at or below it. It is not in the heap, so that a stray store is
 * unlikely to hit it, and the break can always go down.
 */
#ifndef HEAP_MAP_H
#define HEAP_MAP_H

#include "heap_bits.h"

enum { MAP_GRAIN = 8, MAP_WORD = 32 * MAP_GRAIN, MAP_SLAB = 2048, MAP_SLAB_WORD = 32 * MAP_SLAB };

/* How many words of slabs follow that many words: the first and the last may be needed in part only. */
#define MAP_SLAB_WORDS(words) ((words) * MAP_WORD / MAP_SLAB_WORD + 2)

struct heap_map {
	uint32_t *words;
	uint32_t base;		/* the first bit's number; it stands for a multiple of 2048 */
	uint32_t bits;		/* how many there are */
	uintptr_t zero, slabs;	/* where the words with the bits of address 0 would be */
};
extern struct heap_map heap_map;

/* Makes the map reach up to `end`; false, and nothing has changed, when there is no memory for it. */
bool map_cover(uint32_t base, uint32_t end);

/* => the number of an address's bit; for one that is not a multiple of 8, a huge number */
static inline uint32_t map_bit(uint32_t address)
{
	return address / MAP_GRAIN | address << 29;
}

/* The words, from the one with the bit of address 0. */
static inline uint32_t *map_words(void)
{
	return (uint32_t *)heap_map.zero;
}

/* The same for the bits of slabs. */
static inline uint32_t *map_slabs(void)
{
	return (uint32_t *)heap_map.slabs;
}

/* Any number will do; what follows is for bits that are there. */
static inline bool map_covers(uint32_t bit)
{
	return bit - heap_map.base < heap_map.bits;
}

static inline bool map_has(uint32_t address)
{
	return map_covers(map_bit(address)) && bits_has(map_words(), map_bit(address));
}

static inline void map_set(uint32_t address)
{
	bits_set(map_words(), address / MAP_GRAIN);
}

static inline void map_clear(uint32_t address)
{
	bits_clear(map_words(), address / MAP_GRAIN);
}

#endif
