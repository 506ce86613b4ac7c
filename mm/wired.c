/*
 * How much memory may be wired.
 *
 * Wired frames are lost to all others, so all spaces and locked objects together may wire half of memory. The sizes of the
 * wired regions and locked objects count, not their resident pages, since each page may be touched at any time; an object
 * that two wired regions map counts twice.
 * Upshot: mlock is refused (ENOMEM, and EAGAIN where a mapping would be wired) before anybody has to be ended for it.
 * The same half bounds, together with locked objects, the kernel's memory for what outlives its tasks: no task can be ended for
 * either. Of that memory a sixteenth of all is free of this, so that others can make names while somebody has locked what there is.
 * (Linux bounds each task by RLIMIT_MEMLOCK, mlock(2), and says so with the same errors.)
 */
#include "mm/wired.h"

#include "kernel/base/panic.h"
#include "mm/frame.h"
#include "mm/memobj_shm.h"

static u32 lasting; /* bytes */

u32 wired_persistent_max(void)
{
	return frame_total() * (PAGE_SIZE / 4);
}

/* => pages that N bytes of lasting memory take from what may be wired */
static u32 pages_lasting(u32 n)
{
	u32 granted = frame_total() * (PAGE_SIZE / 16);

	return n > granted ? (n - granted) >> PAGE_SHIFT : 0;
}

bool wired_persistent_allowed(u32 bytes)
{
	return bytes <= wired_persistent_max() && lasting <= wired_persistent_max() - bytes &&
	       memobj_shm_locked() + pages_lasting(lasting + bytes) <= frame_usable() / 2;
}

void wired_persistent_add(s32 bytes)
{
	ASSERT(bytes >= 0 || lasting >= 0u - bytes);
	lasting += bytes;
}

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

bool wired_more_allowed(u32 pages)
{
	const struct addrspace *as;

	pages += memobj_shm_locked() + pages_lasting(lasting);
	list_for_each(as, &addrspace_all, all)
		pages += as->wired;
	return pages <= frame_usable() / 2;
}

bool wired_allowed(const struct addrspace *as, vaddr_t start, vaddr_t end, u32 pages)
{
	return wired_more_allowed(pages - pages_inside(as, start, end));
}
