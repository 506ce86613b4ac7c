/*
 * The resident set of an address space that is swapped out as a whole (procswap.h): the pages that it had in memory.
 * Just these are brought back before it runs again.
 *
 * Locked pages (mlock) have not left: the set holds their frames pinned.
 */
#pragma once

#include "mm/pagemap.h"

struct frame;

struct resident_set {
	struct pagemap pages; /* page number -> pinned frame, or resident_set_away */
};

extern char resident_set_away[]; /* instead of a frame: the page is not kept in memory */

void resident_set_init(struct resident_set *s);

/* Adds PAGE to the set; KEPT (may be NULL) is its frame, which gets pinned. => false: out of memory; never sleeps */
bool resident_set_add(struct resident_set *s, u32 page, struct frame *kept);

/* The first page at or after *PAGE. => false: none; *KEPT: its pinned frame, or NULL */
bool resident_set_next(struct resident_set *s, u32 *page, struct frame **kept);

/* Removes PAGE, which is in the set, and unpins its frame. */
void resident_set_remove(struct resident_set *s, u32 page);

/* Removes all pages. */
void resident_set_clear(struct resident_set *s);

static inline u32 resident_set_count(const struct resident_set *s)
{
	return s->pages.count;
}
