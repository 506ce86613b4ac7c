/*
 * A stack grows: an access below it extends its region (REGION_GROWSDOWN) down to the page.
 *
 * However far below, as on Linux: a function may skip pages that its large array does not use yet. What stops a stack is its
 * limit, and a gap that stays free between it and the region below: a stack that runs wild ends in a fault, not in another
 * region.
 *
 * Source: mmap(2), "MAP_GROWSDOWN".
 */
#include "mm/stack.h"

#include "mm/commit.h"
#include "mm/wired.h"

struct region *stack_grow(struct addrspace *as, vaddr_t va)
{
	struct region *r = region_find_from(&as->regions, va);
	struct region *below;

	if (!r || va < USER_START || !(r->flags & REGION_GROWSDOWN) || r->end - va > as->stack_limit)
		return NULL;
	if (!commit_allows((r->start - va) >> PAGE_SHIFT))
		return NULL;
	below = region_find_from(&as->regions, va > USER_STACK_GAP ? va - USER_STACK_GAP : 0);
	if (below != r || ((r->flags & REGION_WIRED) && !wired_allowed(as, r->start, r->end, (r->end - va) >> PAGE_SHIFT)))
		return NULL;
	TRACE_GROW(as->label, va, r->start);
	if (r->flags & REGION_WIRED)
		as->wired += (r->start - va) >> PAGE_SHIFT;
	region_grow_down(&as->regions, r, va);
	return r;
}
