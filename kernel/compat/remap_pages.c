/*
 * remap_file_pages: maps other pages of the same object in a window of a shared mapping. Linux once had nonlinear
 * mappings for this; since 4.0 it creates a separate mapping for each window, and so does this kernel.
 *
 * Source: remap_file_pages(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/task/task.h"
#include "mm/mapcall.h"
#include "mm/memobj.h"

enum { MAP_NONBLOCK = 0x10000 };

/* => the first region in [START, END) if the whole range maps one object in the same way; else NULL */
static struct region *find_window(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	struct region *first = region_find(&as->regions, start), *r = first;

	if (!first || !(first->flags & REGION_SHARED))
		return NULL;
	while (r->end < end) {
		vaddr_t border = r->end;

		r = region_next(&as->regions, r);
		if (!r || r->start != border || r->obj != first->obj || r->flags != first->flags || r->prot != first->prot)
			return NULL;
	}
	return first;
}

SYSCALL(remap_file_pages)
{
	struct addrspace *as = task_current()->as;
	vaddr_t start = ALIGN_DOWN(arg[0], PAGE_SIZE);
	u32 size = ALIGN_DOWN(arg[1], PAGE_SIZE), page = arg[3];
	struct region *r;
	struct memobj *obj;
	u32 flags;
	s32 result;

	if (arg[2] || start + size <= start || page + (size >> PAGE_SHIFT) < page)
		return -EINVAL;
	r = find_window(as, start, start + size);
	if (!r)
		return -EINVAL;
	flags = MAP_SHARED | MAP_FIXED | MAP_POPULATE | (r->flags & REGION_WIRED ? MAP_LOCKED : 0);
	if (arg[4] & MAP_NONBLOCK)
		flags &= ~(u32)MAP_POPULATE;
	obj = r->obj;
	memobj_ref(obj);
	result = mapcall_mmap(as, start, size, r->prot, r->max_prot, flags, obj, page);
	memobj_unref(obj);
	return result < 0 && result > -4096 ? result : 0;
}
