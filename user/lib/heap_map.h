/*
 * heap_map.h - a bit for every eight bytes of the heap, set where something in use begins: a block's payload, a slab,
 * an object in a slab.
 *
 * It costs a 64th of the heap. In return a wrong pointer is recognized with certainty, whatever bytes are around it, and
 * what an address points into begins at the next set bit at or below it. It is not in the heap, so that a stray store is
 * unlikely to hit it, and the break can always go down.
 */
#ifndef HEAP_MAP_H
#define HEAP_MAP_H

#include <stdbool.h>
#include <stdint.h>

enum { MAP_GRAIN = 8, MAP_WORD = 32 * MAP_GRAIN };

struct heap_map {
	uint32_t *words;
	uint32_t base;		/* the address of the first bit, 2048n */
	uint32_t size;		/* bytes that the bits stand for */
	uintptr_t zero;		/* where the bit of address 0 would be */
};
extern struct heap_map heap_map;

/* Makes the map reach up to `end`; false, and nothing has changed, when there is no memory for it. */
bool map_cover(uint32_t base, uint32_t end);

/* Any number will do. */
static inline bool map_covers(uint32_t address)
{
	return address - heap_map.base < heap_map.size && address % MAP_GRAIN == 0;
}

/* The rest is for addresses that the map covers. The word with the bit, and others, of this one. */
static inline uint32_t *map_word(uint32_t address)
{
	return (uint32_t *)(heap_map.zero + address / MAP_WORD * sizeof(uint32_t));
}

/* The processor's own instructions for such a bit; was it set? */
static inline bool map_set(uint32_t address)
{
	bool was;

	__asm__("btsl %2, %1" : "=@ccc"(was), "+m"(*(uint32_t (*)[])heap_map.zero) : "r"(address / MAP_GRAIN));
	return was;
}

static inline bool map_clear(uint32_t address)
{
	bool was;

	__asm__("btrl %2, %1" : "=@ccc"(was), "+m"(*(uint32_t (*)[])heap_map.zero) : "r"(address / MAP_GRAIN));
	return was;
}

static inline bool map_has(uint32_t address)
{
	return map_covers(address) && (*map_word(address) >> address / MAP_GRAIN % 32 & 1);
}

#endif
