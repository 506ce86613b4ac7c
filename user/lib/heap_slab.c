/*
 * heap_slab.c - small objects without headers.
 *
 * A slab is a used block with its payload at a multiple of 2 KiB, so an object's address leads to it; its header has the flag
 * SLAB. It holds objects of one size. The bits of heap_map.h tell which are in use. A slab without objects stays
 * until memory is short: it becomes a free block before the break moves.
 *
 * Source: Bonwick, The Slab Allocator (USENIX 1994), for the idea; his has constructors and caches in front.
 */
#include "heap_slab.h"

#include "heap_trace.h"

struct slab slab_none;
struct slab *slab_open[SLAB_CLASSES] = { [0 ... SLAB_CLASSES - 1] = &slab_none };
uint32_t slab_count[SLAB_CLASSES], slab_blocks[SLAB_COUNTED / 8];
bool slab_emptied;

HEAP_CALL void slab_enlist(struct slab *s)
{
	if (s->listed)
		return;
	s->listed = true;
	s->prev = NULL;
	s->next = slab_open[s->class];
	s->next->prev = s;
	slab_open[s->class] = s;
}

static void delist(struct slab *s)
{
	s->listed = false;
	s->next->prev = s->prev;
	if (s->prev)
		s->prev->next = s->next;
	else
		slab_open[s->class] = s->next;
}

HEAP_CALL bool slab_next(unsigned int class)
{
	while (slab_open[class] != &slab_none && !slab_open[class]->free)
		delist(slab_open[class]);
	return slab_open[class] != &slab_none;
}

static void return_slab(struct slab *s)
{
	HEAP_TELL("heap slabfree at=%p object=%u\n", (void *)s, s->class * 8);
	delist(s);
	slab_count[s->class]--;
	bits_clear(map_slabs(), heap_address(s) / MAP_SLAB);
	block_give(block_of(s));
}

bool slab_return_empty(void)
{
	bool were = false;

	for (unsigned int class = 0; slab_emptied && class < SLAB_CLASSES; class++)
		for (struct slab *s = slab_open[class], *next; s != &slab_none; s = next) {
			next = s->next;
			if (s->used)
				continue;
			return_slab(s);
			were = true;
		}
	slab_emptied = false;
	return were;
}

/* All objects are free, the lowest comes first. */
static void lay_out(struct slab *s, unsigned int class)
{
	unsigned int size = class * 8, at = sizeof(*s), end = SLAB_SIZE - HEAD;

	*s = (struct slab){ .free = at, .class = class };
	for (; at + 2 * size <= end; at += size)
		*(uint16_t *)((char *)s + at) = at + size;
	*(uint16_t *)((char *)s + at) = 0;
}

HEAP_CALL bool slab_make(unsigned int class)
{
	struct block *b;

	slab_return_empty();
	b = block_find_aligned(SLAB_SIZE, SLAB_SIZE);
	if (!b && !(b = block_grow_aligned(SLAB_SIZE, SLAB_SIZE)))
		return false;
	bits_set(map_slabs(), heap_address(block_payload(b)) / MAP_SLAB);
	lay_out(block_payload(b), class);
	slab_enlist(block_payload(b));
	slab_count[class]++;
	slab_emptied = true;
	HEAP_TELL("heap slab at=%p object=%u\n", block_payload(b), class * 8);
	return true;
}
