/*
 * heap_map.c - room for the bits of heap_map.h.
 *
 * For small programs it is in their data; a larger heap has a mapping, which grows by a quarter when the heap outgrows
 * it. The kernel moves its pages then; nothing is copied.
 */
#define _GNU_SOURCE
#include "heap_map.h"

#include <string.h>
#include <sys/mman.h>

enum { PAGE_SIZE = 4096, FIRST_WORDS = 128 };

static uint32_t first[FIRST_WORDS + MAP_SLAB_WORDS(FIRST_WORDS)];
struct heap_map heap_map = { .words = first };

static size_t bytes_of(uint32_t bits)
{
	return (bits / 32 + MAP_SLAB_WORDS(bits / 32)) * sizeof(uint32_t);
}

/* => room for so many bits that begins with the present ones; NULL: there is no memory */
static uint32_t *larger(uint32_t bits)
{
	uint32_t *words;

	if (heap_map.words != first) {
		words = mremap(heap_map.words, bytes_of(heap_map.bits), bytes_of(bits), MREMAP_MAYMOVE);
		return words == MAP_FAILED ? NULL : words;
	}
	words = mmap(NULL, bytes_of(bits), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return words == MAP_FAILED ? NULL : memcpy(words, first, sizeof(first));
}

static void use(uint32_t *words, uint32_t base, uint32_t bits)
{
	uint32_t *slabs = words + bits / 32, *old = words + heap_map.bits / 32;
	size_t bytes = MAP_SLAB_WORDS(heap_map.bits / 32) * sizeof(uint32_t);

	if (heap_map.bits) {
		memcpy(slabs, old, bytes);
		memset(old, 0, bytes);
	}
	heap_map = (struct heap_map){ words, base / MAP_GRAIN, bits, (uintptr_t)words - base / MAP_WORD * sizeof(uint32_t),
				      (uintptr_t)slabs - base / MAP_SLAB_WORD * sizeof(uint32_t) };
}

bool map_cover(uint32_t base, uint32_t end)
{
	uint32_t need = (end - base) / MAP_GRAIN + 1, bits = (need + need / 4) / (PAGE_SIZE * 8) * (PAGE_SIZE * 8) + PAGE_SIZE * 8;
	uint32_t *words;

	if (!heap_map.bits)
		use(first, base, FIRST_WORDS * 32);
	if (need <= heap_map.bits)
		return true;
	words = larger(bits);
	if (words)
		use(words, base, bits);
	return words;
}
