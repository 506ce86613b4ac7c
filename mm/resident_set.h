/*
 * The resident set of an address space that is out as a whole (procswap.h): which pages it had in memory, so that just
 * these are brought back before it runs again.
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

/* PAGE belongs to the set; KEPT (NULL: none) is its frame, which is pinned. => false without memory; never sleeps */
bool resident_set_add(struct resident_set *s, u32 page, struct frame *kept);

/* The first page at or after *PAGE. => false: none; *KEPT: its pinned frame, or NULL */
bool resident_set_next(struct resident_set *s, u32 *page, struct frame **kept);

/* PAGE, which is in the set, is not any more; its frame is unpinned. */
void resident_set_remove(struct resident_set *s, u32 page);

/* The same for all pages. */
void resident_set_clear(struct resident_set *s);

static inline u32 resident_set_count(const struct resident_set *s)
{
	return s->pages.count;
}
