/*
 * Moving and resizing mappings.
 *
 * A mapping grows in place when the addresses after it are free. Otherwise a second region of the same kind is made
 * elsewhere, the private pages get new addresses, and the old region is removed; frames and slots stay as they are, and
 * faults fill the entries again. All memory is taken and all borders are made before the first page moves, so the move
 * itself cannot fail.
 *
 * Source: mremap(2).
 */
#include "mm/remap.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "mm/commit.h"
#include "mm/vmtrace.h"
#include "mm/wired.h"

struct move {
	struct addrspace *as;
	vaddr_t from, to;
	u32 length;
};

/* Reserves the new places in the map of private pages. => false: out of memory */
static bool reserve_pages(const struct move *m)
{
	u32 first = m->from >> PAGE_SHIFT, end = (m->from + m->length) >> PAGE_SHIFT;

	for (u32 page = first; pagemap_next(&m->as->private, &page, end); page++)
		if (!pagemap_reserve(&m->as->private, (m->to >> PAGE_SHIFT) + page - first))
			return false;
	return true;
}

static void move_pages(const struct move *m, const struct region *r)
{
	u32 first = m->from >> PAGE_SHIFT, end = (m->from + m->length) >> PAGE_SHIFT;
	void *a;

	addrspace_leave_all(m->as, r, m->from, m->from + m->length);
	/*
	 * All are set before the first is removed: a node that both places share would be freed once empty, reserved or
	 * not.
	 */
	for (u32 page = first; (a = pagemap_next(&m->as->private, &page, end)); page++)
		addrspace_set_private(m->as, m->to + ((page - first) << PAGE_SHIFT), a);
	for (u32 page = first; pagemap_next(&m->as->private, &page, end); page++)
		pagemap_remove(&m->as->private, page);
	TRACE_DISCARD(m->as->label, m->from, m->from + m->length);
}

/* Unmaps the old part, or keeps it without pages. Its borders are made, so this cannot fail. */
static void leave(const struct move *m, bool keep, bool wired)
{
	int error = 0;

	if (!keep)
		error = addrspace_unmap(m->as, m->from, m->length);
	else if (wired)
		error = addrspace_wire(m->as, m->from, m->length, false);
	ASSERT_CMP(error, ==, 0);
}

/*
 * Moves part [START, START+LENGTH) of R to NEW_START, where NEW_LENGTH bytes are free; LENGTH 0 makes a second mapping.
 * The new region is not joined with the old one before that is gone, since splitting them again would take memory.
 * KEEP: the old part stays mapped, unwired and without its private pages. => NEW_START or -ENOMEM, with nothing changed
 */
static s32 move(struct addrspace *as, const struct region *r, vaddr_t start, u32 length, vaddr_t new_start, u32 new_length,
		bool keep)
{
	bool wired = r->flags & REGION_WIRED;
	struct move m = { as, start, new_start, length };
	struct region *old, *made;

	if (!reserve_pages(&m) || (length && addrspace_make_borders(as, start, start + length)))
		return -ENOMEM;
	old = region_find(&as->regions, start);
	made = addrspace_map_apart(as, new_start, new_length, old->prot, old->max_prot, old->flags & ~REGION_HEAP, old->obj,
				   old->obj ? region_object_index(old, start) : 0);
	if (!made) {
		region_merge(&as->regions, old);
		return -ENOMEM;
	}
	move_pages(&m, old);
	if (length)
		leave(&m, keep, wired);
	region_merge(&as->regions, region_find(&as->regions, new_start));
	return (s32)new_start;
}

/*
 * Checks that part [START, START+LENGTH) of R may grow to NEW_LENGTH.
 * => 0; -EAGAIN: too much would be wired; -EINVAL, -ENOMEM
 */
static int may_resize(const struct addrspace *as, const struct region *r, vaddr_t start, u32 length, u32 new_length)
{
	if ((r->flags & REGION_WIRED) && !wired_allowed(as, start, start + length, new_length >> PAGE_SHIFT))
		return -EAGAIN;
	if (r->obj && region_object_index(r, start) + (new_length >> PAGE_SHIFT) < region_object_index(r, start))
		return -EINVAL;
	if ((r->flags & REGION_COUNTED) && new_length > length && !commit_allows((new_length - length) >> PAGE_SHIFT))
		return -ENOMEM;
	return 0;
}

/* => START, or -ENOMEM: the addresses after it are in use, or there is no memory */
static s32 grow_in_place(struct addrspace *as, const struct region *r, vaddr_t start, u32 length, u32 new_length)
{
	vaddr_t end = start + length;
	u32 more = new_length - length;
	struct region *made;

	if (r->end != end || more > USER_END - end || region_overlaps(&as->regions, end, end + more))
		return -ENOMEM;
	made = addrspace_map_apart(as, end, more, r->prot, r->max_prot, r->flags, r->obj,
				   r->obj ? region_object_index(r, end) : 0);
	if (!made)
		return -ENOMEM;
	made->inherited = r->inherited; /* it belongs to R, so that mremap finds both as one region the next time */
	region_merge(&as->regions, made);
	return (s32)start;
}

static s32 remap_grow(struct addrspace *as, const struct region *r, vaddr_t start, u32 length, u32 new_length, u32 flags)
{
	s32 result = grow_in_place(as, r, start, length, new_length);
	vaddr_t hole;

	if (result != -ENOMEM || !(flags & MREMAP_MAYMOVE))
		return result;
	hole = region_find_hole(&as->regions, new_length, USER_START, as->mmap_top);
	return hole ? move(as, r, start, length, hole, new_length, false) : -ENOMEM;
}

/*
 * Finds the region that contains [START, START+KEPT), which is to have NEW_LENGTH bytes. LENGTH is the length before a
 * part was cut off; 0 is permitted for a shared mapping. => 0 and *OUT; -EFAULT: not one region, -EINVAL, -EAGAIN,
 * -ENOMEM
 */
static int find_whole(struct addrspace *as, vaddr_t start, u32 length, u32 kept, u32 new_length, struct region **out)
{
	struct region *r = region_find(&as->regions, start);

	*out = r;
	if (!r || kept > r->end - start)
		return -EFAULT;
	if (!length && !(r->flags & REGION_SHARED))
		return -EINVAL;
	return may_resize(as, r, start, kept, new_length);
}

/* Checks the ranges of a move from [START, START+LENGTH) to NEW_START. => 0, -EINVAL, -EPERM */
static int check_target(vaddr_t start, u32 length, vaddr_t new_start, u32 new_length)
{
	if ((new_start & PAGE_MASK) || new_length > USER_END || new_start > USER_END - new_length ||
	    (start < new_start + new_length && new_start < start + length))
		return -EINVAL;
	return 0;
}

static s32 move_to(struct addrspace *as, vaddr_t start, u32 length, vaddr_t new_start, u32 new_length, bool keep)
{
	u32 kept = MIN(length, new_length);
	struct region *r;
	int error = check_target(start, length, new_start, new_length);

	if (error)
		return error;
	if (new_start < USER_START)
		return -EPERM;
	if (addrspace_unmap(as, new_start, new_length) || (kept < length && addrspace_unmap(as, start + kept, length - kept)))
		return -ENOMEM;
	error = find_whole(as, start, length, kept, new_length, &r);
	return error ? error : move(as, r, start, kept, new_start, new_length, keep);
}

/* MREMAP_DONTUNMAP: moves to HINT if that is free, else anywhere. The old addresses stay mapped without pages. */
static s32 move_and_keep(struct addrspace *as, vaddr_t start, u32 length, vaddr_t hint)
{
	struct region *r;
	int error = check_target(start, length, hint, length);

	if (!error)
		error = find_whole(as, start, length, length, length, &r);
	if (error)
		return error;
	if (hint < USER_START || region_overlaps(&as->regions, hint, hint + length))
		hint = region_find_hole(&as->regions, length, USER_START, as->mmap_top);
	return hint ? move(as, r, start, length, hint, length, true) : -ENOMEM;
}

s32 remap(struct addrspace *as, vaddr_t start, u32 length, u32 new_length, u32 flags, vaddr_t new_start)
{
	bool fixed = flags & MREMAP_FIXED, keep = flags & MREMAP_DONTUNMAP;
	struct region *r;
	int error;

	if ((flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) || ((fixed || keep) && !(flags & MREMAP_MAYMOVE)) ||
	    (keep && length != new_length))
		return -EINVAL;
	length = ALIGN_UP(length, PAGE_SIZE);
	new_length = ALIGN_UP(new_length, PAGE_SIZE);
	if ((start & PAGE_MASK) || !new_length)
		return -EINVAL;
	if (start >= USER_END || !region_find(&as->regions, start))
		return -EFAULT;
	if (length > USER_END - start)
		return -EINVAL;
	if (fixed)
		return move_to(as, start, length, new_start, new_length, keep);
	if (keep)
		return move_and_keep(as, start, length, new_start);
	if (new_length <= length)
		return new_length < length && addrspace_unmap(as, start + new_length, length - new_length) ? -ENOMEM :
													      (s32)start;
	error = find_whole(as, start, length, length, new_length, &r);
	return error ? error : remap_grow(as, r, start, length, new_length, flags);
}
