/*
 * fork: an address space is copied without copying a page.
 *
 * Regions are copied, and each private page gets one more reference. A store to a page with more than one reference
 * copies it; so that stores fault, the parent's entries lose their write bits here. The child's page table stays empty:
 * it is a cache.
 */
#include "mm/addrspace.h"

#include "kernel/base/errno.h"
#include "mm/anon.h"
#include "mm/commit.h"
#include "mm/vmtrace.h"

/*
 * Gives the child references to the parent's private pages in R; the first store to one copies it.
 * => false: out of memory
 */
static bool share_pages(struct addrspace *parent, struct addrspace *child, const struct region *r)
{
	/* lab cow: give the child a reference to each private page that the parent has in the region */
	u32 page = r->start >> PAGE_SHIFT, n;
	void *const *run;

	for (; (n = pagemap_run(&parent->private, &page, r->end >> PAGE_SHIFT, &run)); page += n) {
		if (!pagemap_reserve(&child->private, page))
			return false;
		for (u32 i = 0; i < n; i++)
			if (run[i])
				anon_ref(run[i]);
		pagemap_set_run(&child->private, page, run, n);
	}
	return true;
	/* end of lab cow */
}

static bool has_private(struct addrspace *as, const struct region *r)
{
	u32 page = r->start >> PAGE_SHIFT;

	return pagemap_next(&as->private, &page, r->end >> PAGE_SHIFT);
}

static bool copy_region(struct addrspace *parent, struct addrspace *child, const struct region *r)
{
	struct region *copy;

	if (r->flags & REGION_NOFORK)
		return true;
	if ((r->flags & REGION_COUNTED) && !commit_allows((r->end - r->start) >> PAGE_SHIFT))
		return false;
	copy = region_create_copy(r);
	if (!copy)
		return false;
	copy->flags &= ~REGION_WIRED; /* locks are not inherited: mlock(2) */
	copy->inherited |= has_private(parent, r);
	region_insert(&child->regions, copy);
	if (r->flags & (REGION_SHARED | REGION_WIPED))
		return true;
	if (r->prot & REGION_WRITE) /* else no entry allows stores (I3) */
		pagetable_write_protect(&parent->pagetable, r->start, r->end);
	return share_pages(parent, child, r);
}

int addrspace_fork(struct addrspace *parent, u32 label, struct addrspace **out)
{
	struct addrspace *child = addrspace_create(label);
	struct region *r;

	if (!child)
		return -ENOMEM;
	child->heap_start = parent->heap_start;
	child->heap_end = parent->heap_end;
	child->resident_limit = parent->resident_limit;
	child->stack_limit = parent->stack_limit;
	child->mmap_top = parent->mmap_top;
	child->soft_dirty_epoch = parent->soft_dirty_epoch;
	child->pagetable.peak = pagetable_frames(&parent->pagetable);
	list_for_each(r, &parent->regions.head, link) {
		if (copy_region(parent, child, r))
			continue;
		addrspace_destroy(child);
		return -ENOMEM;
	}
	vmstat.fork_pages += child->private.count;
	TRACE_FORK(label, parent->label, child->private.count);
	*out = child;
	return 0;
}
