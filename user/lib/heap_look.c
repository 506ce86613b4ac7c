/*
 * heap_look.c - finds what is at an address in the heap: for messages, the checker, a debugger, a collector.
 */
#include "heap.h"
#include "heap_block.h"
#include "heap_map.h"
#include "heap_slab.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void heap_stop(const char *call, const void *p, const char *what, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, what);
	vsnprintf(text, sizeof(text), what, ap);
	va_end(ap);
	dprintf(STDERR_FILENO, "heap: %s(%p): %s\n", call, p, text);
	abort();
}

size_t heap_bytes(void)
{
	uint32_t end = block_limit + HEAD, mapped = end - heap_map.base * MAP_GRAIN;

	return block_end ? end - block_first + (mapped / MAP_WORD + mapped / MAP_SLAB_WORD) * sizeof(uint32_t) : 0;
}

static struct heap_piece piece_of(struct block *b)
{
	enum heap_kind kind = b->head & FOREIGN ? HEAP_FOREIGN : slab_has(block_payload(b)) ? HEAP_SLAB :
			      map_has(heap_address(b) + HEAD) ? HEAP_USED : HEAP_FREE;

	return (struct heap_piece){ kind, block_payload(b), block_size(b) - HEAD };
}

/* The memory at the end, behind all blocks, is a free piece too. */
bool heap_next(struct heap_piece *piece)
{
	struct block *b = piece->start ? block_of(piece->start + piece->size + HEAD) : heap_at(block_first);
	uint32_t at = heap_address(b), rest = block_limit - at;

	if (at < block_end)
		*piece = piece_of(b);
	else if (rest >= HEAD)
		*piece = (struct heap_piece){ HEAP_FREE, block_payload(b), rest - HEAD };
	return at < block_end || rest;
}

/* Free memory has no bits: the free block that contains this address is the one after the preceding block in use. */
static struct heap_piece find_block(uint32_t address)
{
	struct heap_piece piece = { 0 };

	while (heap_next(&piece))
		if (address < heap_address(piece.start) + piece.size)
			return piece;
	return (struct heap_piece){ 0 };
}

static struct heap_piece find_object(struct slab *s, uint32_t address)
{
	uint32_t first = heap_address(s) + sizeof(*s), size = s->class * 8;
	uint32_t start = address < first ? 0 : address - (address - first) % size;

	if (start && map_has(start))
		return (struct heap_piece){ HEAP_OBJECT, heap_at(start), size };
	return piece_of(block_of(s));
}

struct heap_piece heap_find(const void *p)
{
	uint32_t address = heap_address(p);
	struct slab *s;

	if (!block_end || address < block_first || address >= block_limit)
		return (struct heap_piece){ 0 };
	s = slab_of(address);
	return s ? find_object(s, address) : find_block(address);
}
