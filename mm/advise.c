/*
 * madvise: advice of a program about its use of memory, with the meaning that it has on Linux.
 *
 * Some advice is an order (DONTNEED, REMOVE, PAGEOUT, POPULATE, what fork does), some a hint that is followed (WILLNEED, COLD).
 * Advice about features that this kernel does not have (large pages, merging of equal pages, core files) is accepted and
 * ignored.
 *
 * Source: madvise(2).
 */
#include "mm/advise.h"

#include "kernel/base/errno.h"
#include "kernel/base/thread.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/fault.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"

enum { MADV_WILLNEED = 3, MADV_DONTNEED = 4, MADV_FREE = 8, MADV_REMOVE = 9, MADV_DONTFORK = 10, MADV_DOFORK = 11,
       MADV_HUGEPAGE = 14, MADV_WIPEONFORK = 18, MADV_KEEPONFORK = 19, MADV_COLD = 20, MADV_PAGEOUT = 21,
       MADV_POPULATE_READ = 22, MADV_POPULATE_WRITE = 23,
       MADV_DONTNEED_LOCKED = 24 };

static bool known(u32 advice)
{
	return advice <= MADV_DONTNEED || advice == MADV_FREE || advice == MADV_REMOVE || advice == MADV_DONTFORK ||
	       advice == MADV_DOFORK || (advice >= MADV_HUGEPAGE && advice <= MADV_DONTNEED_LOCKED);
}

/* Starts to read the pages of a file, as long as there is room. */
static void will_need_file(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	for (vaddr_t va = start; va < end && frame_room() > frame_low(); va += PAGE_SIZE) {
		struct region *r = region_find(&as->regions, va);

		if (!r || !memobj_is_file(r->obj) || region_object_index(r, va) >= r->obj->npages)
			return;
		if (!addrspace_private(as, va))
			memobj_file_will_need(r->obj, region_object_index(r, va));
	}
}

/* The same for the pages that are in swap or in a file. */
static void will_need(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	struct anon *a;

	for (u32 page = start >> PAGE_SHIFT; frame_room() > frame_low(); page++) {
		a = pagemap_next(&as->private, &page, end >> PAGE_SHIFT);
		if (!a)
			break;
		anon_will_need(a);
	}
	will_need_file(as, start, end);
}

/* A walk through the frames in a range of addresses that no other space uses and that may be evicted. */
struct own_frames {
	struct addrspace *as;
	u32 page;         /* first those of private pages, from this page on, */
	vaddr_t va, end;  /* then the others that are mapped, from this address on */
};

static struct own_frames own_frames_in(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	return (struct own_frames){ .as = as, .page = start >> PAGE_SHIFT, .va = start, .end = end };
}

static bool may_leave(const struct frame *f)
{
	return f && (f->flags & FRAME_LISTED) && !rmap_is_shared(f) && policy_evictable(f);
}

/* => the next frame; NULL: there is no more */
static struct frame *next_own_frame(struct own_frames *o)
{
	const struct anon *a;

	while ((a = pagemap_next(&o->as->private, &o->page, o->end >> PAGE_SHIFT))) {
		o->page++;
		if (a->refs == 1 && may_leave(a->frame))
			return a->frame;
	}
	while ((o->va = pagetable_next(&o->as->pagetable, o->va, o->end)) < o->end) {
		vaddr_t va = o->va;
		struct frame *f = frame_at(pagetable_get(&o->as->pagetable, va) >> PAGE_SHIFT);

		o->va += PAGE_SIZE;
		if (may_leave(f) && !addrspace_private(o->as, va))
			return f;
	}
	return NULL;
}

/* Makes the pages look unused to the policy. */
static void make_cold(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	struct own_frames own = own_frames_in(as, start, end);
	struct frame *f;

	while ((f = next_own_frame(&own)))
		policy_clear_accessed(f);
}

/* Evicts the pages as if the policy had chosen them. No other thread runs between the choice and the eviction. */
static void page_out(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	struct own_frames own = own_frames_in(as, start, end);
	struct frame *frames[IO_MAX];
	u32 n;

	do {
		while (!io_available())
			io_wait();
		for (n = 0; n < IO_MAX && (frames[n] = next_own_frame(&own)); n++)
			;
		reclaim_frames(frames, n, VMTRACE_DECIDED(RECLAIM_ADVICE));
	} while (n == IO_MAX);
}

/* Faults as for an access to each page, but without a signal. => 0, -ENOMEM: a hole, -EINVAL: not allowed, -EFAULT, -EINTR */
static int advise_populate(struct addrspace *as, vaddr_t start, vaddr_t end, bool write)
{
	for (vaddr_t va = start; va < end; va += PAGE_SIZE) {
		const struct region *r = region_find(&as->regions, va);
		enum fault_result result;

		if (!r || !(r->prot & (write ? REGION_WRITE : REGION_READ)))
			return r ? -EINVAL : -ENOMEM;
		result = fault_resolve(as, va, write ? FAULT_WRITE : FAULT_READ);
		if (result != FAULT_OK)
			return result == FAULT_KILLED ? -EINTR : -EFAULT;
		if (thread_should_yield())
			thread_yield();
	}
	return 0;
}

/*
 * Frees the object's pages, for all tasks that map them. => 0; -EINVAL: there is no object, or R is wired; -EACCES: R could
 * not be stored to even after mprotect; -EOPNOTSUPP, -EPERM; never sleeps
 */
static int remove_pages(const struct region *r, vaddr_t start, vaddr_t end)
{
	u32 first = region_object_index(r, start);

	if ((r->flags & REGION_WIRED) || !r->obj)
		return -EINVAL;
	if (!(r->flags & REGION_SHARED) || !(r->max_prot & REGION_WRITE))
		return -EACCES;
	if (!r->obj->ops->punch)
		return -EOPNOTSUPP;
	return r->obj->ops->punch(r->obj, first, first + ((end - start) >> PAGE_SHIFT));
}

/* => is ADVICE permitted for R? FREE is for pages without another copy, WIPEONFORK for private memory. */
static bool permitted(const struct region *r, u32 advice)
{
	if (advice == MADV_FREE || advice == MADV_WIPEONFORK)
		return !r->obj && !(advice == MADV_FREE && (r->flags & REGION_WIRED));
	if (advice == MADV_DONTNEED || advice == MADV_COLD || advice == MADV_PAGEOUT)
		return !(r->flags & REGION_WIRED);
	return true;
}

/*
 * Applies ADVICE to R's part [START, END). FREE may discard the pages at once: a program reads its old contents or zeros
 * there afterwards. => 0, -EINVAL, -ENOMEM; WILLNEED and PAGEOUT sleep, and R may be gone then
 */
static int advise_region(struct addrspace *as, const struct region *r, vaddr_t start, vaddr_t end, u32 advice)
{
	if (!permitted(r, advice))
		return -EINVAL;
	switch (advice) {
	case MADV_WILLNEED:
		will_need(as, start, end);
		return 0;
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
		addrspace_discard(as, r, start, end);
		return 0;
	case MADV_REMOVE:
		return remove_pages(r, start, end);
	case MADV_DONTFORK:
	case MADV_DOFORK:
		return addrspace_set_fork(as, start, end, REGION_NOFORK, advice == MADV_DONTFORK);
	case MADV_WIPEONFORK:
	case MADV_KEEPONFORK:
		return addrspace_set_fork(as, start, end, REGION_WIPED, advice == MADV_WIPEONFORK);
	case MADV_COLD:
		make_cold(as, start, end);
		return 0;
	case MADV_PAGEOUT:
		page_out(as, start, end);
		return 0;
	default:
		return 0;
	}
}

/* Region by region; a hole is reported at the end. */
static int advise_regions(struct addrspace *as, vaddr_t start, vaddr_t end, u32 advice)
{
	bool hole = false;

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

s32 advise(struct addrspace *as, vaddr_t start, u32 length, u32 advice)
{
	u32 rounded = ALIGN_UP(length, PAGE_SIZE);
	vaddr_t end = start + rounded;

	if (!known(advice) || (start & PAGE_MASK) || (length && !rounded) || end < start)
		return -EINVAL;
	if (advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE)
		return advise_populate(as, start, end, advice == MADV_POPULATE_WRITE);
	return advise_regions(as, start, end, advice);
}
