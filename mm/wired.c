/*
 * How much memory may be wired.
 *
 * No other task can use wired frames, so all spaces and locked objects together may wire half of memory. The sizes of the
 * wired regions and locked objects count, not their resident pages, since each page may be touched at any time; an object
 * that two wired regions map counts twice. So mlock is refused (ENOMEM, and EAGAIN where a mapping would be wired) before a
 * task has to be killed for it.
 *
 * The same half bounds locked objects together with the kernel memory that outlives its tasks, since killing a task frees
 * neither. A sixteenth of all memory is granted to the latter in any case, so that names can be made while everything that may
 * be locked is locked.
 *
 * (Linux bounds each task by RLIMIT_MEMLOCK, mlock(2), with the same errors.)
 */
#include "mm/wired.h"

#include "kernel/base/panic.h"
#include "mm/frame.h"
#include "mm/memobj_shm.h"

static u32 persistent; /* bytes */

u32 wired_persistent_max(void)
{
	return frame_total() * (PAGE_SIZE / 4);
}

/* => by how many pages N bytes of persistent memory reduce what may be wired */
static u32 pages_for_persistent(u32 n)
{
	u32 granted = frame_total() * (PAGE_SIZE / 16);

	return n > granted ? (n - granted) >> PAGE_SHIFT : 0;
}

bool wired_persistent_allowed(u32 bytes)
{
	return bytes <= wired_persistent_max() && persistent <= wired_persistent_max() - bytes &&
	       memobj_shm_locked() + pages_for_persistent(persistent + bytes) <= frame_usable() / 2;
}

void wired_persistent_add(s32 bytes)
{
	ASSERT(bytes >= 0 || persistent >= 0u - bytes);
	persistent += bytes;
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

	pages += memobj_shm_locked() + pages_for_persistent(persistent);
	list_for_each(as, &addrspace_all, all)
		pages += as->wired;
	return pages <= frame_usable() / 2;
}

bool wired_allowed(const struct addrspace *as, vaddr_t start, vaddr_t end, u32 pages)
{
	return wired_more_allowed(pages - pages_inside(as, start, end));
}
