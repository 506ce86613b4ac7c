/*
 * For the host tests: what a test checks with, and a way to see that the tested code panics where
 * it must.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>

void fake_check(bool ok, const char *file, int line, const char *what, long long got,
		long long wanted);

#define CHECK(cond) fake_check(cond, __FILE__, __LINE__, #cond, 0, 1)
#define CHECK_EQUAL(a, b)                                                                        \
	do {                                                                                     \
		long long fake_a = (long long)(a), fake_b = (long long)(b);                      \
		fake_check(fake_a == fake_b, __FILE__, __LINE__, #a " == " #b, fake_a, fake_b);  \
	} while (0)

/* Does STATEMENT panic? */
#define CHECK_PANICS(statement)                                                                  \
	do {                                                                                     \
		bool fake_panicked = true;                                                       \
		fake_panic_expected = true;                                                      \
		if (!setjmp(fake_panic_return)) {                                                \
			statement;                                                               \
			fake_panicked = false;                                                   \
		}                                                                                \
		fake_panic_expected = false;                                                     \
		fake_check(fake_panicked, __FILE__, __LINE__, #statement " panics", 0, 1);       \
	} while (0)

extern bool fake_panic_expected;
extern jmp_buf fake_panic_return;

/* A number below LIMIT; the same sequence in every run. */
unsigned fake_random(unsigned limit);
