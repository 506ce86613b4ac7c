/*
 * gcbench.h - what the programs of gcbench share: memory that is freed, collected or forgotten, as the way says.
 */
#ifndef USER_BENCH_GCBENCH_H
#define USER_BENCH_GCBENCH_H

#include <stddef.h>
#include <stdint.h>

enum way { WAY_FREE, WAY_GC, WAY_LEAK };

extern enum way way;

/* `size` bytes that are 0; the program ends where there are none. */
void *take(size_t size);

/* The same for bytes without pointers; what is in them is not known. */
void *take_atomic(size_t size);

/* The program does not need it any more; only who frees by hand listens. */
void give(void *object);

/* Prints a line "name value". */
void gcbench_tell(const char *name, uint64_t value);

/* Does its work `n` times, deep or large; a number that is the same whichever way its memory goes. It leaves nothing behind. */
struct gcbench_program {
	const char *name;
	uint32_t usual;			/* n, if nobody says another */
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
