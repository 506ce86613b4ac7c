/*
 * Fault-around: a fault that reads a page of a file maps the pages around it too, if they are in memory.
 *
 * Programs read files and run code in order, and an entry costs a fifth of a fault. The pages are those of an aligned window,
 * which lies in one page table, so the table exists and mapping allocates nothing. An entry is a cache and may be made at any
 * time; these are read-only, so that the first store still faults, and their accessed bits are clear: to a policy the pages are
 * not in use.
 *
 * It is off where a fault is to be seen for each page: in exact mode, with evict=always, while anything is traced, in spaces with
 * a resident limit, which counts entries, and in locked regions, which wire what they map.
 *
 * Source: Shutemov, "mm: map few pages around fault address if they are in page cache", Linux 3.15, 2014.
 */
#include "mm/fault_around.h"

#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

#define WINDOW (16 * PAGE_SIZE)

u32 fault_around_enabled = 1;

static bool is_permitted(const struct addrspace *as, const struct region *r)
{
	return fault_around_enabled && !reclaim_exact && !reclaim_always && !vmtrace_mask && !as->resident_limit &&
	       !(r->flags & REGION_WIRED);
}

/* => the page of R's file at VA, if it can be mapped there now; else NULL */
static struct frame *page_at(struct addrspace *as, const struct region *r, vaddr_t va)
{
	struct frame *f = pagemap_find(&r->obj->pages, region_object_index(r, va));

	return f && !(f->flags & FRAME_BUSY) && !addrspace_private(as, va) ? f : NULL;
}

void fault_around(struct addrspace *as, const struct region *r, vaddr_t va)
{
	vaddr_t first = ALIGN_DOWN(va, WINDOW), end = MIN(first + WINDOW, r->end);
	pte_t *entry;

	if (!is_permitted(as, r))
		return;
	first = MAX(first, r->start);
	entry = pagetable_entry(&as->pagetable, first);
	for (; first < end; first += PAGE_SIZE, entry++) {
		struct frame *f = *entry ? NULL : page_at(as, r, first);

		if (f)
			rmap_map(&as->pagetable, first, entry, f, false);
	}
}
