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

uint32_t slab_open[SLAB_CLASSES];
uint32_t slab_count[SLAB_CLASSES];
uint32_t slab_empty;

HEAP_CALL void slab_enlist(struct slab *s)
{
	s->prev = 0;
	s->next = slab_open[s->class];
	if (s->next)
		((struct slab *)heap_at(s->next))->prev = heap_address(s);
	slab_open[s->class] = heap_address(s);
}

HEAP_CALL void slab_delist(struct slab *s)
{
	if (s->next)
		((struct slab *)heap_at(s->next))->prev = s->prev;
	if (s->prev)
		((struct slab *)heap_at(s->prev))->next = s->next;
	else
		slab_open[s->class] = s->next;
}

static uint32_t return_slab(struct slab *s)
{
	uint32_t next = s->next;

	HEAP_TELL("heap slabfree at=%p object=%u\n", (void *)s, s->class * 8);
	slab_delist(s);
	slab_count[s->class]--;
	slab_empty--;
	map_clear(heap_address(s));
	map_clear(heap_address(s) + MAP_GRAIN);
	block_of(s)->head &= ~SLAB;
	block_give(block_of(s));
	return next;
}

bool slab_return_empty(void)
{
	unsigned int were = slab_empty;

	for (unsigned int class = 0; slab_empty && class < SLAB_CLASSES; class++)
		for (uint32_t at = slab_open[class]; at;) {
			struct slab *s = heap_at(at);

			at = s->used ? s->next : return_slab(s);
		}
	return were;
}

/* All objects are free, the lowest comes first. */
static void lay_out(struct slab *s, unsigned int class)
{
	unsigned int size = class * 8, at = sizeof(*s), end = SLAB_SIZE - HEAD;

	*s = (struct slab){ .free = at, .class = class, .count = (end - at) / size };
	for (; at + 2 * size <= end; at += size)
		*(uint16_t *)((char *)s + at) = at + size;
	*(uint16_t *)((char *)s + at) = 0;
}

bool slab_make(unsigned int class)
{
	struct block *b;

	slab_return_empty();
	b = block_find_aligned(SLAB_SIZE, SLAB_SIZE);
	if (!b && !(b = block_grow_aligned(SLAB_SIZE, SLAB_SIZE)))
		return false;
	b->head |= SLAB;
	map_set(heap_address(b) + HEAD);
	map_set(heap_address(b) + HEAD + MAP_GRAIN);
	lay_out(block_payload(b), class);
	slab_enlist(block_payload(b));
	slab_count[class]++;
	slab_empty++;
	HEAP_TELL("heap slab at=%p object=%u\n", block_payload(b), class * 8);
	return true;
}
