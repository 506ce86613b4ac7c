/*
 * memory.h - what the rows about memory and those about segments share.
 */
#ifndef EFFECTS_MEMORY_H
#define EFFECTS_MEMORY_H

#include "effects.h"

enum { DATA = PROT_READ | PROT_WRITE, ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS };

static inline void *at(long result)
{
	return (void *)result;
}

static inline long locked_kib(void)
{
	return proc_number("/proc/self/status", "VmLck");
}

static inline int resident(void *address)
{
	unsigned char in = 0;

	CHECK_EQ(mincore(address, PAGE, &in), 0);
	return in & 1;
}

static inline bool is_mapped(void *address)
{
	unsigned char in;

	return mincore(address, PAGE, &in) == 0;
}

#endif
