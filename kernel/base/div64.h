/* 64-bit division without libgcc. [SDM2] "DIV - Unsigned Divide" */
#pragma once

#include "kernel/base/types.h"

/* => N / D; the remainder in *REM when REM is not NULL. D must not be 0. */
static inline u64 div64(u64 n, u32 d, u32 *rem)
{
	u32 high = (u32)(n >> 32), low = (u32)n;
	u32 quotient_high = high / d, r = high % d, quotient_low;

#if defined(__i386__)
	__asm__("divl %4" : "=a"(quotient_low), "=d"(r) : "a"(low), "d"(r), "rm"(d) : "cc");
#else
	u64 rest = ((u64)r << 32) | low;

	quotient_low = (u32)(rest / d);
	r = (u32)(rest % d);
#endif
	if (rem)
		*rem = r;
	return ((u64)quotient_high << 32) | quotient_low;
}
