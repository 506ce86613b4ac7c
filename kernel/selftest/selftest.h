/* `selftest` on the kernel command line: the kernel checks its own parts and ends the machine. */
#pragma once

#include "kernel/base/types.h"

/*
 * Runs in the first task, before it has a program or memory of its own, and prints a line for each part. => all is well
 */
bool selftest_passes(void);

/* The part that runs, and how many of its and earlier expectations did not hold. */
extern const char *selftest_part;
extern u32 selftest_failures;

/* For the parts: counts and reports a failure, unless OK. => OK */
bool selftest_expect(bool ok, u32 line, const char *what);
#define EXPECT(cond) selftest_expect(cond, __LINE__, #cond)

/* selftest_memory.c */
void selftest_frames(void);
void selftest_heap(void);
void selftest_regions(void);

/* selftest_space.c */
void selftest_pagetable(void);
void selftest_rmap(void);
void selftest_invariants(void);
void selftest_slots(void);

/* selftest_copy.c */
void selftest_usercopy(void);
