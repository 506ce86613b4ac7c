/*
 * How much memory may be wired.
 *
 * Wired frames are lost to all others, so all spaces and locked objects together may wire half of memory. The sizes of the
 * wired regions and locked objects count, not their resident pages, since each page may be touched at any time; an object
 * that two wired regions map counts twice.
 * Upshot: mlock is refused (ENOMEM, and EAGAIN where a mapping would be wired) before anybody has to be ended for it.
 * (Linux bounds each task by RLIMIT_MEMLOCK, mlock(2), and says so with the same errors.)
 */
#include "mm/wired.h"

#include "mm/frame.h"
#include "mm/memobj_shm.h"

/* => pages of wired regions of AS in [START, END) */
static u32 pages_inside(const struct addrspace *as, vaddr_t start, vaddr_t end)
{
	const struct region *r = region_find_from(&as->regions, start);
	u32 bytes = 0;

	for (; r && r->start < end; r = region_next(&as->regions, r))
		if (r->flags & REGION_WIRED)
			bytes += MIN(r->end, end) - MAX(r->start, start);
	return bytes >> PAGE_SHIFT;
}

bool wired_may_be_more(u32 pages)
{
	const struct addrspace *as;

	pages += memobj_shm_locked();
	list_for_each(as, &addrspace_all, all)
		pages += as->wired;
	return pages <= frame_usable() / 2;
}

bool wired_may_be(const struct addrspace *as, vaddr_t start, vaddr_t end, u32 pages)
{
	return wired_may_be_more(pages - pages_inside(as, start, end));
}
