/*
 * madvise: what a program tells about its use of memory, as Linux means it.
 *
 * Source: madvise(2).
 */
#include "mm/advise.h"

#include "kernel/base/errno.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"

enum { MADV_NORMAL = 0, MADV_RANDOM = 1, MADV_SEQUENTIAL = 2, MADV_WILLNEED = 3, MADV_DONTNEED = 4, MADV_FREE = 8 };

/* Reading begins for what is in a file or in swap, as long as there is room. */
static void will_need(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	for (vaddr_t va = start; va < end && frame_room() > frame_low(); va += PAGE_SIZE) {
		struct region *r = region_find(&as->regions, va);
		struct anon *a = addrspace_private(as, va);

		if (a)
			anon_will_need(a);
		else if (r && memobj_is_file(r->obj))
			memobj_file_will_need(r->obj, region_object_index(r, va));
	}
}

/* What R has in [START, END). => 0, -EINVAL; sleeps for WILLNEED only */
static int advise_region(struct addrspace *as, const struct region *r, vaddr_t start, vaddr_t end, u32 advice)
{
	if (advice == MADV_WILLNEED)
		will_need(as, start, end);
	if (advice != MADV_DONTNEED && advice != MADV_FREE)
		return 0;
	if ((r->flags & REGION_WIRED) || (advice == MADV_FREE && r->obj))
		return -EINVAL;
	addrspace_discard(as, r, start, end);
	return 0;
}

/* FREE may take the pages at once: what a program reads there afterwards is its old contents or zeros. */
s32 advise(struct addrspace *as, vaddr_t start, u32 length, u32 advice)
{
	u32 rounded = ALIGN_UP(length, PAGE_SIZE);
	vaddr_t end = start + rounded;
	bool hole = false;

	if ((advice > MADV_DONTNEED && advice != MADV_FREE) || (start & PAGE_MASK) || (length && !rounded) || end < start)
		return -EINVAL;
	while (start < end) {
		const struct region *r = region_find_from(&as->regions, start);
		vaddr_t from = r ? MAX(start, r->start) : end;
		int error;

		hole |= from > start;
		if (!r || from >= end)
			break;
		start = MIN(end, r->end);
		error = advise_region(as, r, from, start, advice);
		if (error)
			return error;
	}
	return hole ? -ENOMEM : 0;
}
