/*
 * heap_bits.h - the processor's instructions for bits in memory: bit `i` is in the word i / 32 of `words`, which the
 * instruction finds by itself.
 */
#ifndef HEAP_BITS_H
#define HEAP_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* What such an instruction may read or change: any number of words. Clang takes no array without a size there, GCC warns of one. */
#ifdef __clang__
typedef uint32_t bits_map[1 << 24];
#else
typedef uint32_t bits_map[];
#endif

/* => was it set? */
static inline bool bits_set(uint32_t *words, uint32_t i)
{
	bool was;

	__asm__("btsl %2, %1" : "=@ccc"(was), "+m"(*(bits_map *)words) : "r"(i));
	return was;
}

/* => was it set? */
static inline bool bits_clear(uint32_t *words, uint32_t i)
{
	bool was;

	__asm__("btrl %2, %1" : "=@ccc"(was), "+m"(*(bits_map *)words) : "r"(i));
	return was;
}

static inline bool bits_has(const uint32_t *words, uint32_t i)
{
	bool has;

	__asm__("btl %2, %1" : "=@ccc"(has) : "m"(*(const bits_map *)words), "r"(i));
	return has;
}

/* => the number of the highest bit that is set in a word, which is not 0 */
static inline unsigned int bits_highest(uint32_t word)
{
	unsigned int n;

	__asm__("bsrl %1, %0" : "=r"(n) : "rm"(word) : "cc");
	return n;
}

/* => is a bit set in this word? Sets the number of the lowest. */
static inline bool bits_lowest(uint32_t word, unsigned int *n)
{
	bool none;

	__asm__("bsfl %2, %0" : "=r"(*n), "=@ccz"(none) : "rm"(word));
	return !none;
}

#endif
