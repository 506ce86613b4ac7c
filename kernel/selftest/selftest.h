/* `selftest` on the kernel command line: the kernel checks its own parts and ends the machine. */
#pragma once

#include "kernel/base/types.h"

/*
 * Runs in the first task, before it has a program or memory of its own. A line for each part; at the end the contract's
 * last line, with status 0 if all is well and 1 if not.
 */
void selftest_run(void) NORETURN;

/* For the parts: counts a failure and tells it, unless OK. => OK */
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
