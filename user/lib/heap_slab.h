/*
 * heap_slab.h - small objects of one size without headers, in slabs of 2 KiB.
 */
#ifndef HEAP_SLAB_H
#define HEAP_SLAB_H

#include "heap_block.h"
#include "heap_map.h"

enum { SLAB_SIZE = MAP_SLAB, SLAB_LARGEST = 64, SLAB_CLASSES = SLAB_LARGEST / 8 + 1 };

/* The beginning of a slab. Free objects form a list. */
struct slab {
	struct slab *next, *prev;	/* in the list of its class */
	uint16_t free, used;		/* the first free object's place in the slab, 0: none; how many are used */
	uint8_t class;			/* objects have 8 * class bytes */
	bool listed;
};

/* The end of each list, which never has a free object. */
extern struct slab slab_none;

/* For each class the slabs that have a free object, and perhaps full ones; and how many slabs there are. */
extern struct slab *slab_open[SLAB_CLASSES];
extern uint32_t slab_count[SLAB_CLASSES];
/* Slabs may be without objects. */
extern bool slab_emptied;

static inline struct slab *slab_around(const void *p)
{
	return heap_at(heap_address(p) & -SLAB_SIZE);
}

/* => is this address, in the heap, that of a slab's data or objects? */
static inline bool slab_has(const void *p)
{
	return bits_has(map_slabs(), heap_address(p) / MAP_SLAB);
}

/* => the slab that contains an address in the heap; NULL: none */
static inline struct slab *slab_of(uint32_t address)
{
	return slab_has(heap_at(address)) ? slab_around(heap_at(address)) : NULL;
}

/* => how many objects a slab of this class has */
static inline unsigned int slab_objects(unsigned int class)
{
	return (SLAB_SIZE - HEAD - sizeof(struct slab)) / (class * 8);
}

void slab_enlist(struct slab *s) HEAP_CALL;	/* it has a free object now */

/* => an object of the first open slab; NULL: that one has none */
static inline void *slab_take(unsigned int class)
{
	struct slab *s = slab_open[class];
	uint32_t at = s->free;
	uint16_t *object;

	if (!at)
		return NULL;
	object = (uint16_t *)((char *)s + at);
	s->free = *object;
	s->used++;
	map_set(heap_address(object));
	return object;
}

/* The object's bit is clear already. */
static inline void slab_give(void *p)
{
	struct slab *s = slab_around(p);
	uint16_t *object = p, next = s->free;

	*object = next;
	s->free = (char *)p - (char *)s;
	if (!--s->used)
		slab_emptied = true;
	if (!next)
		slab_enlist(s);
}

/* Drops full slabs from the front of the list. => has the first one a free object now? */
bool slab_next(unsigned int class) HEAP_CALL;
/* Adds an open slab for this class. => false, and nothing has changed: there is no memory */
bool slab_make(unsigned int class) HEAP_CALL;
/* Turns slabs without objects into free blocks. => were there any? */
bool slab_return_empty(void);

/* Blocks of each small size, spare ones among them, slabs and foreign memory not: where there are many, slabs are better. */
enum { SLAB_COUNTED = SLAB_LARGEST + 16 };
extern uint32_t slab_blocks[SLAB_COUNTED / 8];

static inline void slab_count_block(uint32_t size, int by)
{
	if (size < SLAB_COUNTED)
		slab_blocks[size / 8] += by;
}

#endif
