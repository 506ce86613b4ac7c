/*
 * heap_slab.h - small objects of one size without headers, in slabs of 2 KiB.
 */
#ifndef HEAP_SLAB_H
#define HEAP_SLAB_H

#include "heap_block.h"
#include "heap_map.h"

enum {
	SLAB_SIZE = 2048, SLAB_LARGEST = 64, SLAB_CLASSES = SLAB_LARGEST / 8 + 1,
	SLAB_BITS = SLAB_SIZE / MAP_GRAIN, SLAB_MARK = 3,	/* of the map: a slab's, and how they begin */
};

/* The beginning of a slab. Free objects form a list. */
struct slab {
	uint32_t next, prev;		/* addresses of slabs of this class with a free object; 0: none */
	uint16_t free, used;		/* the first free object's place in the slab, 0: none; how many are used */
	uint16_t class, count;		/* objects have 8 * class bytes; how many there are */
};

/* For each class the first slab with a free object, and how many slabs there are. */
extern uint32_t slab_open[SLAB_CLASSES];
extern uint32_t slab_count[SLAB_CLASSES];
/* Slabs without objects. */
extern uint32_t slab_empty;

/* => does the bit with this number belong to a slab? */
static inline bool slab_has_bit(uint32_t bit)
{
	return (map_words()[bit / SLAB_BITS * (SLAB_BITS / 32)] & SLAB_MARK) == SLAB_MARK;
}

static inline struct slab *slab_around(const void *p)
{
	return heap_at(heap_address(p) & -SLAB_SIZE);
}

/* => the slab that contains an address in the heap; NULL: none */
static inline struct slab *slab_of(uint32_t address)
{
	return slab_has_bit(address / MAP_GRAIN) ? slab_around(heap_at(address)) : NULL;
}

void slab_enlist(struct slab *s) HEAP_CALL;	/* it has a free object now */
void slab_delist(struct slab *s) HEAP_CALL;	/* it has none */

/* => an object of an open slab */
static inline void *slab_take(struct slab *s)
{
	uint16_t *object = (uint16_t *)((char *)s + s->free);

	s->free = *object;
	if (!s->used++)
		slab_empty--;
	if (!s->free)
		slab_delist(s);
	map_set(heap_address(object));
	return object;
}

/* Its bit is clear already. */
static inline void slab_give(struct slab *s, void *p)
{
	uint16_t *object = p;

	if (!s->free)
		slab_enlist(s);
	*object = s->free;
	s->free = (char *)p - (char *)s;
	if (!--s->used)
		slab_empty++;
}

/* Adds an open slab for this class. => false, and nothing has changed: there is no memory */
bool slab_make(unsigned int class);
/* Turns slabs without objects into free blocks. => were there any? */
bool slab_return_empty(void);

/* heap_best.c: blocks in use of each small size, slabs and foreign memory not among them. */
enum { BEST_COUNTED = SLAB_LARGEST + 16 };
extern uint32_t best_live[BEST_COUNTED / 8];

#endif
