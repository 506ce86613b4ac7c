/*
 * divide.c - division of 64-bit numbers.
 *
 * i386 divides 64 by 32 bits only. Compilers call these functions for / and % of long long and
 * expect them in libgcc, which is not linked: a program here owes nothing to its compiler.
 *
 * Source: Knuth, The Art of Computer Programming, 4.3.1 (long division); "DIV" in the Intel
 * manual.
 */
#include <stdint.h>

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest);
uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
int64_t __divdi3(int64_t n, int64_t d);
int64_t __moddi3(int64_t n, int64_t d);
int64_t __divmoddi4(int64_t n, int64_t d, int64_t *rest);

/* high:low / d, where high < d, so that the quotient fits into 32 bits. */
static uint32_t divide_step(uint32_t high, uint32_t low, uint32_t d, uint32_t *rest)
{
	uint32_t quotient;

	__asm__("divl %4" : "=a"(quotient), "=d"(*rest) : "0"(low), "1"(high), "rm"(d));
	return quotient;
}

static uint64_t divide_by_word(uint64_t n, uint32_t d, uint64_t *rest)
{
	uint32_t high, low, r;

	/* The first step divides by zero itself, if d is zero: SIGFPE, as it should be. */
	high = divide_step(0, n >> 32, d, &r);
	low = divide_step(r, n, d, &r);
	*rest = r;
	return (uint64_t)high << 32 | low;
}

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest)
{
	uint64_t quotient = 0;
	int shift;

	if (d >> 32 == 0)
		return divide_by_word(n, d, rest);
	if (n < d) {
		*rest = n;
		return 0;
	}
	/* d has more than 32 bits, so the quotient has fewer: a bit of it in each round. */
	for (shift = __builtin_clz(d >> 32) - __builtin_clz(n >> 32); shift >= 0; shift--) {
		quotient <<= 1;
		if (n >= d << shift) {
			n -= d << shift;
			quotient |= 1;
		}
	}
	*rest = n;
	return quotient;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
	uint64_t rest;

	return __udivmoddi4(n, d, &rest);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
	uint64_t rest;

	__udivmoddi4(n, d, &rest);
	return rest;
}

static uint64_t magnitude(int64_t n)
{
	return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

/* C rounds towards zero: the quotient's sign is the product's, the rest's sign the dividend's. */
int64_t __divdi3(int64_t n, int64_t d)
{
	uint64_t quotient = __udivdi3(magnitude(n), magnitude(d));

	return (n < 0) != (d < 0) ? -quotient : quotient;
}

int64_t __moddi3(int64_t n, int64_t d)
{
	uint64_t rest = __umoddi3(magnitude(n), magnitude(d));

	return n < 0 ? -rest : rest;
}

/* For / and % of the same numbers. */
int64_t __divmoddi4(int64_t n, int64_t d, int64_t *rest)
{
	*rest = __moddi3(n, d);
	return __divdi3(n, d);
}
