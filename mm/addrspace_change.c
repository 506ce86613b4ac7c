/*
 * Changes of regions in place: their rights (mprotect), whether their pages are wired (mlock), what fork does with them
 * (madvise).
 *
 * Each change makes the borders of its range borders of regions, which may need memory and so may fail, then changes region
 * after region, which cannot fail, and joins those that have become equal to their neighbours.
 */
#include "mm/addrspace.h"

#include "kernel/base/errno.h"
#include "mm/frame.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

/* => 0: all of [START, END) is mapped and allows PROT; -ENOMEM, -EACCES */
static int may_protect(struct addrspace *as, vaddr_t start, vaddr_t end, u32 prot)
{
	while (start < end) {
		struct region *r = region_find(&as->regions, start);

		if (!r)
			return -ENOMEM;
		if (prot & ~r->max_prot)
			return -EACCES;
		start = r->end;
	}
	return 0;
}

/* Entries are a cache: removes rights that R does not give; a fault adds those that an entry lacks. */
static void restrict_entries(struct addrspace *as, const struct region *r)
{
	if (!r->prot)
		addrspace_leave_all(as, r, r->start, r->end);
	else if (!(r->prot & REGION_WRITE))
		pagetable_write_protect(&as->pagetable, r->start, r->end);
}

/* Applies CHANGE_ONE to each region of [START, END), and joins equal neighbours. */
static int change(struct addrspace *as, vaddr_t start, vaddr_t end,
		  void (*change_one)(struct addrspace *as, struct region *r, u32 argument), u32 argument)
{
	struct region *r;
	int error = addrspace_make_borders(as, start, end);

	if (error)
		return error;
	while (start < end && (r = region_find_from(&as->regions, start)) && r->start < end) {
		change_one(as, r, argument);
		start = r->end;
		region_merge(&as->regions, r);
	}
	r = region_find(&as->regions, end);
	if (r)
		region_merge(&as->regions, r);
	return 0;
}

static void protect_one(struct addrspace *as, struct region *r, u32 prot)
{
	r->prot = prot;
	if ((prot & REGION_WRITE) && region_may_promise(r))
		region_promise(&as->regions, r);
	TRACE_PROTECT(as->label, r->start, r->end, prot);
	restrict_entries(as, r);
}

int addrspace_protect(struct addrspace *as, vaddr_t start, u32 length, u32 prot)
{
	int error = may_protect(as, start, start + length, prot);

	return error ? error : change(as, start, start + length, protect_one, prot);
}

/* Adjusts the wires of the frames whose entries exist. */
static void wire_one(struct addrspace *as, struct region *r, u32 wired)
{
	if (!!(r->flags & REGION_WIRED) == wired)
		return;
	for (vaddr_t va = r->start; (va = pagetable_next(&as->pagetable, va, r->end)) < r->end; va += PAGE_SIZE) {
		struct frame *f = frame_at(pagetable_get(&as->pagetable, va) >> PAGE_SHIFT);

		if (f == rmap_zero_frame)
			rmap_unmap(&as->pagetable, va); /* has no wires: the next fault decides */
		else if (wired)
			frame_wire(f);
		else
			frame_unwire(f);
	}
	r->flags ^= REGION_WIRED;
	as->wired += (wired ? 1 : -1) * ((r->end - r->start) >> PAGE_SHIFT);
	TRACE_WIRE(as->label, r->start, r->end, wired);
}

int addrspace_wire(struct addrspace *as, vaddr_t start, u32 length, bool wired)
{
	int error = may_protect(as, start, start + length, 0);

	return error ? error : change(as, start, start + length, wire_one, wired);
}

static void set_fork(struct addrspace *as, struct region *r, u32 flag)
{
	r->flags |= flag;
	TRACE_INHERIT(as->label, r->start, r->end, r->flags & (REGION_NOFORK | REGION_WIPED));
}

static void clear_fork(struct addrspace *as, struct region *r, u32 flag)
{
	r->flags &= ~flag;
	TRACE_INHERIT(as->label, r->start, r->end, r->flags & (REGION_NOFORK | REGION_WIPED));
}

int addrspace_set_fork(struct addrspace *as, vaddr_t start, vaddr_t end, u32 flag, bool on)
{
	return change(as, start, end, on ? set_fork : clear_fork, flag);
}
