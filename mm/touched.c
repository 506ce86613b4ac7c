/*
 * Soft-dirty bits without a bit in the page table, which is a cache and may go at any moment.
 *
 * A new epoch (anon_epoch) begins whenever the bits of any address space are cleared. The space remembers that epoch, an
 * anonymous page the epoch in which it was last written, a region the epoch in which it was made. A page is soft-dirty if
 * it was written, or its region made, in the epoch that its space remembers or later. When the bits are cleared, entries
 * lose their write bits, and a fault returns the write bit only for a store; so the first store to each page faults and
 * is noticed. A page that two spaces share since fork is judged by the epoch of the space that is asked about.
 *
 * A page of a SHARED mapping has no epoch of its own: its entry's write bit tells, and an evicted page counts as clean, as on
 * Linux.
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

void touched_clear_written(struct addrspace *as)
{
	const struct region *r;

	as->soft_dirty_epoch = ++anon_epoch;
	list_for_each(r, &as->regions.head, link)
		pagetable_write_protect(&as->pagetable, r->start, r->end);
}

bool touched_is_written(struct addrspace *as, const struct region *r, vaddr_t va)
{
	const struct anon *a = addrspace_private(as, va);

	if (r->birth_epoch >= as->soft_dirty_epoch)
		return true;
	if (a)
		return a->written_epoch >= as->soft_dirty_epoch;
	return (r->flags & REGION_SHARED) && (pagetable_get(&as->pagetable, va) & PTE_W);
}
