/*
 * Soft-dirty bits without a bit in the page table, which is a cache and may go at any moment.
 *
 * A clock ticks whenever the bits of some space are cleared. A space remembers the time of its last clearing, an
 * anonymous page that of the last store to it, a region that of its birth: a page is soft-dirty if it was stored to, or its
 * region made, no earlier than its space was cleared. So that the store is seen, entries lose their write bits when
 * the bits are cleared, and the fault gives them back only to a store. Pages that two spaces share since fork are
 * judged by each space's own time.
 *
 * A page of a SHARED mapping has no time of its own: there the entry tells, and what is evicted counts as clean, as it does
 * on Linux.
 *
 * Source: Linux's Documentation/admin-guide/mm/soft-dirty.rst.
 */
#include "mm/touched.h"

#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/rmap.h"

void touched_clear_accessed(struct addrspace *as, u32 kinds)
{
	struct pagetable *pt = &as->pagetable;

	for (vaddr_t va = 0; (va = pagetable_next(pt, va, USER_END)) < USER_END; va += PAGE_SIZE) {
		struct frame *f = frame_at(pagetable_get(pt, va) >> PAGE_SHIFT);

		if (!(kinds & (f->state == FRAME_FILE ? TOUCHED_FILE : TOUCHED_ANON)))
			continue;
		pagetable_clear_bits(pt, va, PTE_A, false);
		f->flags &= ~FRAME_ACCESSED;
	}
	pagetable_flush(pt);
}

void touched_clear_stores(struct addrspace *as)
{
	const struct region *r;

	as->cleared = ++anon_clearings;
	list_for_each(r, &as->regions.head, link)
		pagetable_write_protect(&as->pagetable, r->start, r->end);
}

bool touched_is_stored(struct addrspace *as, const struct region *r, vaddr_t va)
{
	const struct anon *a = addrspace_private(as, va);

	if (r->born >= as->cleared)
		return true;
	if (a)
		return a->stored >= as->cleared;
	return (r->flags & REGION_SHARED) && (pagetable_get(&as->pagetable, va) & PTE_W);
}
