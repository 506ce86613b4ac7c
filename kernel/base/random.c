/*
 * A linear congruential generator that mixes in the time-stamp counter at each step: see random.h.
 *
 * Source: Knuth, The Art of Computer Programming 2, 3.3.4, table 1 for the multiplier.
 */
#include "kernel/base/cpu.h"
#include "kernel/base/random.h"

u32 random_word(void)
{
	static u32 state;

	state = (state ^ (u32)cpu_tsc()) * 1664525 + 1013904223;
	return state ^ state >> 16;
}
