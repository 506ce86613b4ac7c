/*
 * heap_map.h - a bit for every eight bytes of the heap, set where something begins that is in use: a block's payload,
 * a slab, an object in a slab.
 *
 * It costs a 64th of the heap. For that a wrong pointer is known for sure, whatever bytes stand around it, and what
 * an address points into begins at the next set bit at or below it. It does not lie in the heap, so that no stray
 * store meets it first, and it never hinders the break from going down.
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
};
extern struct heap_map heap_map;

/* Makes the map reach up to `end`; false, and nothing has changed, when there is no memory for it. */
bool map_cover(uint32_t base, uint32_t end);

static inline uint32_t map_bit(uint32_t address)
{
	return 1u << (address - heap_map.base) / MAP_GRAIN % 32;
}

static inline uint32_t *map_word(uint32_t address)
{
	return &heap_map.words[(address - heap_map.base) / MAP_WORD];
}

/* Any number will do. */
static inline bool map_has(uint32_t address)
{
	return address - heap_map.base < heap_map.size && address % MAP_GRAIN == 0 &&
	       (*map_word(address) & map_bit(address));
}

/* These two are for addresses in the heap. */
static inline void map_set(uint32_t address)
{
	*map_word(address) |= map_bit(address);
}

static inline void map_clear(uint32_t address)
{
	*map_word(address) &= ~map_bit(address);
}

#endif
