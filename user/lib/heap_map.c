/*
 * heap_map.c - room for the bits of heap_map.h.
 *
 * For small programs it is in their data; a larger heap has a mapping, which is replaced by one for a quarter more when
 * the heap outgrows it.
 */
#include "heap_map.h"

#include <string.h>
#include <sys/mman.h>

enum { PAGE_SIZE = 4096, FIRST_WORDS = 128 };

static uint32_t first[FIRST_WORDS];
struct heap_map heap_map = { .words = first };

static size_t bytes_of(uint32_t size)
{
	return (size / MAP_WORD + 1) * sizeof(uint32_t);
}

bool map_cover(uint32_t base, uint32_t end)
{
	uint32_t size = end - base, room = heap_map.size ? heap_map.size : FIRST_WORDS * MAP_WORD;
	size_t bytes = (bytes_of(size) + bytes_of(size) / 4 + PAGE_SIZE - 1) & -PAGE_SIZE;
	uint32_t *words = heap_map.words;

	if (size > room) {
		words = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (words == MAP_FAILED)
			return false;
		memcpy(words, heap_map.words, room / MAP_GRAIN / 8);
		if (heap_map.words != first)
			munmap(heap_map.words, room / MAP_GRAIN / 8);
		room = bytes / sizeof(uint32_t) * MAP_WORD;
	}
	heap_map = (struct heap_map){ words, base, room, (uintptr_t)words - base / MAP_WORD * sizeof(uint32_t) };
	return true;
}
