/*
 * How much memory an address space holds: for /proc, and to choose the task to kill when memory is out.
 *
 * Allocations are not charged. The structures themselves are counted when the figures are needed: so the figures cannot
 * drift from the truth, and faults do no bookkeeping.
 */
#include "mm/addrspace_held.h"

#include "mm/addrspace.h"
#include "mm/anon.h"
#include "mm/memobj.h"

#define FRAMES_PER_TABLE 3 /* the table and its reverse-map records */

static u32 counts; /* how many counts have been begun */

void addrspace_held_object(struct memobj *obj, struct addrspace_held *h)
{
	if (!obj->ops->anonymous || obj->counted == counts)
		return;
	obj->counted = counts;
	h->pages += obj->pages.count;
	h->heap += pagemap_bytes(&obj->pages) + obj->pages.count * sizeof(struct anon);
}

void addrspace_held(const struct addrspace *as, struct addrspace_held *h)
{
	const struct region *r;

	counts++;
	h->pages = as->private.count;
	h->tables = FRAMES_PER_TABLE * as->pagetable.tables + !!as->pagetable.directory;
	h->heap = sizeof(*as) + as->regions.count * sizeof(*r) + as->private.count * sizeof(struct anon) +
		  pagemap_bytes(&as->private) + pagemap_bytes(&as->remembered.pages);
	h->locked = 0;
	list_for_each(r, &as->regions.head, link) {
		if (r->obj)
			addrspace_held_object(r->obj, h);
		if (r->flags & REGION_WIRED)
			h->locked += (r->end - r->start) >> PAGE_SHIFT;
	}
}

u32 addrspace_swapped(struct addrspace *as)
{
	u32 pages = 0, key = 0;
	struct anon *a;

	for (; (a = pagemap_next(&as->private, &key, ~0u)); key++)
		pages += !a->frame;
	return pages;
}
