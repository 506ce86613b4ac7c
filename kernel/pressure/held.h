/*
 * How much memory a task holds, which is freed when it ends.
 */
#pragma once

#include "kernel/base/types.h"

struct task;

/* Kinds of memory. From HELD_LOCKED on it cannot be evicted, from HELD_TABLES on it is the kernel's own. */
enum held_kind { HELD_PAGES, HELD_LOCKED, HELD_TABLES, HELD_PIPES, HELD_OTHER, HELD_KINDS };

struct held {
	u32 kib[HELD_KINDS];
};

/* Counts what T, which has an address space, holds. What several tasks share counts in full for each. */
void held_by(const struct task *t, struct held *h);

/* => KiB of the kinds from FIRST on */
u32 held_sum(const struct held *h, enum held_kind first);

/* Writes the kinds of which there is any into BUF, the largest first: `3120 KiB of pipes, 40 KiB of pages`. */
void held_describe(const struct held *h, char *buf, u32 size);
