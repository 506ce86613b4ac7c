/* How much memory a task holds: the memory that is freed when it exits. */
#pragma once

#include "kernel/base/types.h"

struct task;

/* Kinds of memory. Those from HELD_LOCKED on cannot be evicted, those from HELD_TABLES on are the kernel's own. */
enum held_kind { HELD_PAGES, HELD_LOCKED, HELD_TABLES, HELD_PIPES, HELD_OTHER, HELD_KINDS };

struct held {
	u32 kib[HELD_KINDS];
};

/*
 * Counts the memory that T holds, which has an address space. Memory that several tasks share counts in full for each.
 */
void held_by(const struct task *t, struct held *h);

/* => KiB of the kinds from FIRST on */
u32 held_sum(const struct held *h, enum held_kind first);

/* Describes H in BUF, the largest kind first: `3120 KiB of pipes, 40 KiB of pages`. */
void held_describe(const struct held *h, char *buf, u32 size);
