/*
 * Promised memory (overcommitment): how many pages the tasks could claim if each stored everywhere it may, and whether more
 * may be promised.
 *
 * Counted are private regions that are or were writable, shared anonymous memory by its size, and the pages that files in
 * memory have. A page is promised long before it exists; most never do, so by default the promises are not added up.
 *
 * Source: Linux, Documentation/mm/overcommit-accounting.rst.
 */
#pragma once

#include "kernel/base/types.h"

enum commit_mode {
	COMMIT_GUESS,  /* only a request that all memory and swap together could not hold is refused */
	COMMIT_ALWAYS, /* nothing is refused */
	COMMIT_STRICT, /* no more is promised than commit_limit() */
};

extern enum commit_mode commit_mode; /* /proc/sys/vm/overcommit_memory */
extern u32 commit_ratio;             /* /proc/sys/vm/overcommit_ratio: percent of memory that COMMIT_STRICT promises beside swap */

u32 commit_limit(void);    /* pages */
u32 commit_promised(void); /* pages */

/* May one request be promised PAGES more? It changes nothing. */
bool commit_allows(u32 pages);

/* PAGES more are promised; fewer if it is negative. */
void commit_count(s32 pages);
