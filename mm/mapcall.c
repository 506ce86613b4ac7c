/*
 * brk, mmap, munmap, mprotect, mlock and mincore with the meaning that they have on Linux: mmap(2), brk(2) and the like.
 */
#include "mm/mapcall.h"

#include "kernel/base/errno.h"
#include "kernel/base/thread.h"
#include "mm/anon.h"
#include "mm/commit.h"
#include "mm/fault.h"
#include "mm/frame.h"
#include "mm/memobj_shm.h"
#include "mm/slot.h"
#include "mm/wired.h"

#define PROT_ALL (REGION_READ | REGION_WRITE | REGION_EXEC)
#define PROT_SEM 8u /* means nothing on this processor */

static bool in_user_space(vaddr_t start, u32 length)
{
	return start < USER_END && length <= USER_END - start;
}

/* => the address of the mapping, or an error */
static s32 choose_address(struct addrspace *as, vaddr_t hint, u32 length, u32 flags)
{
	vaddr_t start = hint < PAGE_SIZE ? 0 : MAX(ALIGN_DOWN(hint, PAGE_SIZE), USER_START);

	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (hint & PAGE_MASK)
			return -EINVAL;
		if (!in_user_space(hint, length))
			return -ENOMEM;
		if (hint < USER_START)
			return -EPERM;
		if ((flags & MAP_FIXED_NOREPLACE) && region_overlaps(&as->regions, hint, hint + length))
			return -EEXIST;
		return hint;
	}
	if (start && in_user_space(start, length) &&
	    !region_overlaps(&as->regions, start, start + length))
		return start;
	start = region_find_hole(&as->regions, length, USER_START, as->mmap_top);
	return start ? (s32)start : -ENOMEM;
}

static bool is_error(s32 result)
{
	return (u32)result > (u32)-4096;
}

static s32 fault_in(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	for (vaddr_t va = start; va < end; va += PAGE_SIZE) {
		struct region *r = region_find(&as->regions, va);
		bool write;

		if (!r)
			return -ENOMEM;
		write = (r->prot & REGION_WRITE) && !(r->flags & REGION_SHARED); /* a write fault would modify a shared file */
		if (fault_resolve(as, va, write ? FAULT_WRITE : FAULT_READ) != FAULT_OK)
			return -ENOMEM;
		if (thread_should_yield())
			thread_yield();
	}
	return 0;
}

/* Brings in what it can of [START, END) now; the rest is left to faults. */
static void mapcall_populate(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	struct region *r;

	for (; (r = region_find_from(&as->regions, start)) && r->start < end; start = MAX(start, r->end))
		if (r->prot && fault_in(as, MAX(start, r->start), MIN(end, r->end)))
			return;
}

/* MAP_NORESERVE is ignored in strict mode, as on Linux. */
static bool is_uncounted(u32 flags)
{
	return (flags & MAP_NORESERVE) && commit_mode != COMMIT_STRICT;
}

vaddr_t mapcall_brk(struct addrspace *as, vaddr_t wanted)
{
	vaddr_t old_end = ALIGN_UP(as->heap_end, PAGE_SIZE), new_end = ALIGN_UP(wanted, PAGE_SIZE);

	if (wanted < as->heap_start || wanted > USER_END - PAGE_SIZE)
		return as->heap_end;
	if (new_end < old_end && addrspace_unmap(as, new_end, old_end - new_end))
		return as->heap_end;
	if (new_end > old_end) {
		if (!commit_allows((new_end - old_end) >> PAGE_SHIFT) || region_overlaps(&as->regions, old_end, new_end) ||
		    (as->lock_future && !wired_allowed(as, old_end, new_end, (new_end - old_end) >> PAGE_SHIFT)) ||
		    addrspace_map(as, old_end, new_end - old_end, REGION_READ | REGION_WRITE, PROT_ALL,
				  REGION_HEAP | (as->lock_future ? REGION_WIRED : 0), NULL, 0))
			return as->heap_end;
	}
	as->heap_end = wanted;
	if (new_end > old_end && as->lock_future && !as->lock_on_fault)
		mapcall_populate(as, old_end, new_end);
	return wanted;
}

static s32 map_object(struct addrspace *as, vaddr_t hint, u32 length, u32 prot, u32 max_prot, u32 flags,
		      struct memobj *obj, u32 obj_index)
{
	s32 start = choose_address(as, hint, length, flags);
	bool wired = as->lock_future || (flags & MAP_LOCKED);
	u32 region_flags = (flags & MAP_SHARED ? REGION_SHARED : 0) | (wired ? REGION_WIRED : 0) |
			   (flags & MAP_GROWSDOWN ? REGION_GROWSDOWN : 0) |
			   (is_uncounted(flags) && !(flags & MAP_SHARED) ? REGION_UNCOUNTED : 0);
	int error;

	if (is_error(start))
		return start;
	if (addrspace_is_full(as))
		return -ENOMEM;
	if (wired && !wired_allowed(as, start, start + length, length >> PAGE_SHIFT))
		return -EAGAIN;
	error = addrspace_unmap(as, start, length);
	if (!error)
		error = addrspace_map(as, start, length, prot, max_prot, region_flags, obj, obj_index);
	if (!error && ((flags & (MAP_POPULATE | MAP_LOCKED)) || (as->lock_future && !as->lock_on_fault)))
		mapcall_populate(as, start, start + length);
	return error ? error : start;
}

/* => do the pages of such a mapping count as promised? */
static bool promises(const struct memobj *obj, u32 prot, u32 flags)
{
	return !is_uncounted(flags) && (flags & MAP_SHARED ? !obj : prot & REGION_WRITE);
}

s32 mapcall_mmap(struct addrspace *as, vaddr_t hint, u32 length, u32 prot, u32 max_prot, u32 flags,
		 struct memobj *obj, u32 obj_index)
{
	u32 type = flags & MAP_TYPE;
	s32 result;

	if (!length || (type != MAP_SHARED && type != MAP_PRIVATE && (!obj || type != MAP_SHARED_VALIDATE)))
		return -EINVAL;
	length = ALIGN_UP(length, PAGE_SIZE);
	if (!length || length > USER_END)
		return -ENOMEM;
	if (obj_index + (length >> PAGE_SHIFT) < obj_index)
		return -EOVERFLOW;
	prot &= PROT_ALL;
	if (prot & ~max_prot)
		return -EACCES;
	if (promises(obj, prot, flags) && !commit_allows(length >> PAGE_SHIFT))
		return -ENOMEM;
	if (obj || !(type & MAP_SHARED))
		return map_object(as, hint, length, prot, max_prot, flags, obj, obj_index);

	obj = memobj_shm_create(length >> PAGE_SHIFT);
	if (!obj)
		return -ENOMEM;
	result = map_object(as, hint, length, prot, max_prot, flags, obj, 0);
	memobj_unref(obj);
	return result;
}

s32 mapcall_munmap(struct addrspace *as, vaddr_t start, u32 length)
{
	u32 rounded = ALIGN_UP(length, PAGE_SIZE);

	if ((start & PAGE_MASK) || !rounded || !in_user_space(start, rounded))
		return -EINVAL;
	return addrspace_unmap(as, start, rounded);
}

/* => the first address from START on where nothing is mapped, END at most */
static vaddr_t first_hole(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	const struct region *r;

	while (start < end && (r = region_find(&as->regions, start)))
		start = r->end;
	return MIN(start, end);
}

/* => how many pages of [START, END), which has no hole, have to be promised when it becomes writable */
static u32 pages_to_promise(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	u32 pages = 0;

	while (start < end) {
		const struct region *r = region_find(&as->regions, start);

		if (region_may_promise(r))
			pages += (MIN(r->end, end) - start) >> PAGE_SHIFT;
		start = r->end;
	}
	return pages;
}

/* A hole is an error, but the protection before it has changed: mprotect(2). */
s32 mapcall_mprotect(struct addrspace *as, vaddr_t start, u32 length, u32 prot)
{
	u32 rounded = ALIGN_UP(length, PAGE_SIZE);
	vaddr_t hole;
	int error = 0;

	if ((start & PAGE_MASK) || (prot & ~(PROT_ALL | PROT_SEM)))
		return -EINVAL;
	if (!length)
		return 0;
	if (!rounded || !in_user_space(start, rounded))
		return -ENOMEM;
	hole = first_hole(as, start, start + rounded);
	if ((prot & REGION_WRITE) && !commit_allows(pages_to_promise(as, start, hole)))
		return -ENOMEM;
	if (hole > start)
		error = addrspace_protect(as, start, hole - start, prot & PROT_ALL);
	return !error && hole < start + rounded ? -ENOMEM : error;
}

/*
 * Rounds START down and the end up to whole pages. A length that overflows to 0 when rounded up counts as 0, as on Linux.
 * => 0; -EINVAL: the range ends before it begins; -ENOMEM: outside user space
 */
static int round_range(vaddr_t *start, u32 *length)
{
	*length = ALIGN_UP(*length + (*start & PAGE_MASK), PAGE_SIZE);
	*start = ALIGN_DOWN(*start, PAGE_SIZE);
	if (*start + *length < *start)
		return -EINVAL;
	return !*length || in_user_space(*start, *length) ? 0 : -ENOMEM;
}

/* A hole is an error, but the regions before it have been wired or unwired: mlock(2). */
static s32 mapcall_wire(struct addrspace *as, vaddr_t start, u32 length, bool wired)
{
	vaddr_t hole = first_hole(as, start, start + length);
	int error = hole > start ? addrspace_wire(as, start, hole - start, wired) : 0;

	return !error && hole < start + length ? -ENOMEM : error;
}

s32 mapcall_mlock(struct addrspace *as, vaddr_t start, u32 length, u32 flags)
{
	int error;

	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	error = round_range(&start, &length);
	if (error || !length)
		return error;
	if (!wired_allowed(as, start, start + length, length >> PAGE_SHIFT))
		return -ENOMEM;
	error = mapcall_wire(as, start, length, true);
	return error || (flags & MLOCK_ONFAULT) ? error : fault_in(as, start, start + length);
}

s32 mapcall_munlock(struct addrspace *as, vaddr_t start, u32 length)
{
	int error = round_range(&start, &length);

	return error || !length ? error : mapcall_wire(as, start, length, false);
}

/* Wires or unwires every region. => 0 or -ENOMEM; never sleeps */
static int wire_all(struct addrspace *as, bool wired)
{
	const struct region *r;
	vaddr_t end;

	for (vaddr_t va = 0; (r = region_find_from(&as->regions, va)); va = end) {
		int error;

		end = r->end; /* before R is joined with others */
		error = addrspace_wire(as, r->start, r->end - r->start, wired);
		if (error)
			return error;
	}
	return 0;
}

static u32 pages_mapped(const struct addrspace *as)
{
	const struct region *r;
	u32 pages = 0;

	list_for_each(r, &as->regions.head, link)
		pages += (r->end - r->start) >> PAGE_SHIFT;
	return pages;
}

s32 mapcall_mlockall(struct addrspace *as, u32 flags)
{
	int error;

	if (!(flags & (MCL_CURRENT | MCL_FUTURE)) || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)))
		return -EINVAL;
	if ((flags & MCL_CURRENT) && !wired_allowed(as, 0, USER_END, pages_mapped(as)))
		return -ENOMEM;
	as->lock_future = flags & MCL_FUTURE;
	as->lock_on_fault = flags & MCL_ONFAULT;
	error = flags & MCL_CURRENT ? wire_all(as, true) : 0;
	if (!error && (flags & (MCL_CURRENT | MCL_ONFAULT)) == MCL_CURRENT)
		mapcall_populate(as, 0, USER_END);
	return error;
}

s32 mapcall_munlockall(struct addrspace *as)
{
	as->lock_future = false;
	return wire_all(as, false);
}

bool mapcall_locate(struct addrspace *as, vaddr_t va, struct mapcall_place *place)
{
	struct region *r = region_find(&as->regions, va);

	if (!r)
		return false;
	*place = (struct mapcall_place){ .owner = as, .page = va >> PAGE_SHIFT };
	if (r->flags & REGION_SHARED)
		*place = (struct mapcall_place){ r->obj, r->obj, region_object_index(r, va) };
	return true;
}

s32 mapcall_resident(struct addrspace *as, vaddr_t va)
{
	struct region *r = region_find(&as->regions, va);
	struct anon *a = addrspace_private(as, va);
	void *page;

	if (!r)
		return -ENOMEM;
	if (a)
		return a->frame != NULL;
	if (!r->obj)
		return pagetable_get(&as->pagetable, va) != 0;
	page = pagemap_find(&r->obj->pages, region_object_index(r, va));
	if (page && r->obj->ops->anonymous)
		return ((struct anon *)page)->frame != NULL;
	return page != NULL;
}
