/*
 * Promised memory (overcommitment): how many pages the tasks could claim if each wrote to every page that it may write
 * to, and whether more may be promised.
 *
 * What counts: private regions that are or were writable, shared anonymous memory by its size, and the existing pages
 * of files in memory. A page is promised long before it exists, and most never come to exist; so by default the sum is
 * not limited.
 *
 * Source: Linux, Documentation/mm/overcommit-accounting.rst.
 */
#pragma once

#include "kernel/base/panic.h"
#include "mm/frame.h"

enum commit_mode {
	COMMIT_GUESS,  /* only a request that all memory and swap together could not hold is refused */
	COMMIT_ALWAYS, /* nothing is refused */
	COMMIT_STRICT, /* no more is promised than commit_limit() */
};

extern enum commit_mode commit_mode; /* /proc/sys/vm/overcommit_memory */
extern u32 commit_ratio;             /* /proc/sys/vm/overcommit_ratio: percent of memory, promised on top of swap */

u32 commit_limit(void);    /* pages */
u32 commit_promised(void); /* pages */

/* => may one request be promised PAGES more? Changes nothing. */
bool commit_decide(u32 pages);
static inline bool commit_allows(u32 pages)
{
	return (commit_mode == COMMIT_GUESS && pages <= frame_total()) || commit_decide(pages);
}

/* Adds PAGES, which may be negative, to the promised pages. */
extern u32 commit_pages;
static inline void commit_count(s32 pages)
{
	ASSERT(pages >= 0 || commit_pages >= (u32)-pages);
	commit_pages += pages;
}
