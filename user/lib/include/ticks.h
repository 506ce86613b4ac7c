/*
 * ticks.h - the processor's counter of ticks (its TSC), for programs that measure.
 */
#ifndef TICKS_H
#define TICKS_H

#include <stdint.h>

/* => ticks since the processor started; under QEMU's virtual time (-icount shift=0) a tick is an instruction */
static inline uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

#endif
