/*
 * Assertions and panics. A panic means that an invariant of the kernel itself is broken; bad input from a program, a
 * disk or the command line gets an error instead.
 */
#pragma once

#include "kernel/base/types.h"

/* Prints the message, registers, a symbolised backtrace, then ends the machine with value 127. */
void panic_at(const char *file, int line, const char *fmt, ...) NORETURN PRINTF_LIKE(3, 4);

/* The same for an exception; EIP and EBP: where the backtrace begins. */
void panic_trap(u32 eip, u32 ebp, const char *fmt, ...) NORETURN PRINTF_LIKE(3, 4);

#define panic(...) panic_at(__FILE__, __LINE__, __VA_ARGS__)

#define ASSERT(cond)                                                         \
	do {                                                                 \
		if (__builtin_expect(!(cond), 0))                            \
			panic("assertion failed: %s", #cond);                \
	} while (0)

/* An assertion that prints the two values that it compared. */
#define ASSERT_CMP(a, op, b)                                                                   \
	do {                                                                                   \
		u32 assert_a = (u32)(a), assert_b = (u32)(b);                                  \
		if (__builtin_expect(!(assert_a op assert_b), 0))                              \
			panic("assertion failed: %s %s %s (%#x, %#x)", #a, #op, #b, assert_a, \
			      assert_b);                                                       \
	} while (0)
