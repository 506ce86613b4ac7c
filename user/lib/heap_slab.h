/*
 * heap_slab.h - small objects of one size without headers, in slabs of 2 KiB.
 */
#ifndef HEAP_SLAB_H
#define HEAP_SLAB_H

#include "heap_block.h"
#include "heap_map.h"

enum { SLAB_SIZE = 2048, SLAB_LARGEST = 64, SLAB_CLASSES = SLAB_LARGEST / 8 + 1 };

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

/* => the slab that contains an address in the heap; NULL: none */
static inline struct slab *slab_of(uint32_t address)
{
	uint32_t start = address & -SLAB_SIZE;

	if (!(*map_word(start) & 1) || !(((uint32_t *)heap_at(start))[-1] & SLAB))
		return NULL;
	return heap_at(start);
}

/* => an object of a class that has an open slab */
void *slab_take(unsigned int class) HEAP_CALL;
/* Adds an open slab for this class. => false, and nothing has changed: there is no memory */
bool slab_make(unsigned int class);
void slab_give(struct slab *s, void *p) HEAP_CALL;	/* its bit is clear already */
/* Turns slabs without objects into free blocks. => were there any? */
bool slab_return_empty(void);

/* heap_best.c: blocks in use of each small size, slabs and foreign memory not among them. */
enum { BEST_COUNTED = SLAB_LARGEST + 16 };
extern uint32_t best_live[BEST_COUNTED / 8];

#endif
