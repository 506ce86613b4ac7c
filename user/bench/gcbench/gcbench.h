/*
 * gcbench.h - what the programs of gcbench share: memory that is freed, collected or leaked, depending on WAY.
 */
#ifndef USER_BENCH_GCBENCH_H
#define USER_BENCH_GCBENCH_H

#include <stddef.h>
#include <stdint.h>

enum way { WAY_FREE, WAY_GC, WAY_LEAK };

extern enum way way;

/* => `size` bytes that are 0; without memory the program ends */
void *take(size_t size);

/* The same for bytes without pointers, which are not initialized. */
void *take_atomic(size_t size);

/* The program no longer needs it; has an effect only with WAY free. */
void give(void *object);

/* Prints a line "name value". */
void gcbench_tell(const char *name, uint64_t value);

/* Does its work, `n` times, deep or large. => a checksum that does not depend on WAY. It leaves nothing allocated. */
struct gcbench_program {
	const char *name;
	uint32_t usual;			/* default of n */
	uint32_t (*run)(uint32_t n);
};

extern const struct gcbench_program gcbench_trees, gcbench_lisp, gcbench_strings, gcbench_live;

/* FNV-1a (Fowler, Noll, Vo), a step of it. */
static inline uint32_t gcbench_mix(uint32_t hash, uint32_t value)
{
	return (hash ^ value) * 16777619u;
}

/* Random numbers that are the same each time: xorshift (Marsaglia, 2003). The state is not 0. */
static inline uint32_t gcbench_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

#endif
