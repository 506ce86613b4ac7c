/*
 * The page fault: find the region -> make the page -> map it; if that has to wait, start over.
 *
 *   private page? region has object? access            action
 *   yes           -                  read or refs==1   make resident; map (writable iff refs==1 and region writable)
 *   yes           -                  write, refs>1     copy to a new page, drop a reference         [cow_break]
 *   no            yes                read, or SHARED   the object's frame; writable iff SHARED (a file: not before a store)
 *   no            yes                write, PRIVATE    a new page copied from the object's frame    [promote]
 *   no            no                 read              the one zero frame, read-only                [zero_read]
 *   no            no                 write             a new page of zeros                          [zero_fill]
 *
 * Each row either maps the page without sleeping, or fails. -EAGAIN: it has slept. -ENOMEM: no frame is free, and
 * frame_retry() sleeps. After both the fault restarts from the top, because anything may have changed meanwhile:
 * another thread may have brought the page in, or it may have been evicted again, or its region may be gone. The frame
 * that was waited for stays pinned in `held` until the entry is set, so that a fault cannot starve.
 */
#include "mm/fault.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/fault_around.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/memobj.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"
#include "mm/stack.h"
#include "mm/vmtrace.h"

struct fault {
	struct addrspace *as;
	vaddr_t va;            /* of the page */
	struct region *region; /* found anew at each try, */
	pte_t *entry;          /* and so is VA's entry */
	struct frame *held;    /* pinned over the restarts */
	bool write;
	u8 restarted;          /* why this is not the first try: RESTARTED and what it waited for */
	u8 row;                /* of the table above that has resolved it: VMTRACE_FAULT_ROW_... */
};

enum { RESTARTED = 1, WAITED_FOR_IO = 2, WAITED_FOR_FRAME = 4 };

/* --- find the region, or refuse ---------------------------------------------------------------------------------- */

/* i386 page tables ([SDM3] "32-Bit Paging") cannot forbid execution, nor reading where writing is allowed. */
static bool permits(const struct region *r, bool write)
{
	return (write ? r->prot & REGION_WRITE : r->prot) != 0;
}

/* => 0 and F->region, which permits the access (a stack may have grown); -EFAULT: no region; -EACCES: not for that access */
static int find_region(struct fault *f)
{
	f->region = region_find(&f->as->regions, f->va);
	if (!f->region)
		f->region = stack_grow(f->as, f->va);
	if (!f->region)
		return -EFAULT;
	return permits(f->region, f->write) ? 0 : -EACCES;
}

/* --- make and map: the six rows ---------------------------------------------------------------------------------- */

/* ROW has resolved the fault. => 0 */
static int resolved(struct fault *f, u32 row, u32 *counter)
{
	f->row = row;
	++*counter;
	return 0;
}

static void fault_map(struct fault *f, struct frame *frame, bool writable)
{
	addrspace_enter(f->as, f->region, f->va, f->entry, frame, writable);
}

/*
 * Makes A resident. Pages read ahead are in memory but not mapped, so a limit on mapped pages would not see them: no
 * read-ahead then. => as anon_make_resident()
 */
static int make_resident(struct fault *f, struct anon *a)
{
	return anon_make_resident(a, !f->as->resident_limit, &f->held);
}

static int row_private(struct fault *f, struct anon *a)
{
	int error = make_resident(f, a);

	if (error)
		return error;
	if (f->write)
		a->written_epoch = anon_epoch;
	fault_map(f, a->frame, addrspace_may_write(f->as, f->region, a));
	return resolved(f, VMTRACE_DECIDED(VMTRACE_FAULT_ROW_PRIVATE), &vmstat.fault_private);
}

/* => a new page with SOURCE's contents (NULL: zeros), private to this space and mapped; NULL: no frame is free */
static struct anon *new_private(struct fault *f, const struct frame *source)
{
	struct anon *a = addrspace_new_private(f->as, f->va, source);

	if (a)
		fault_map(f, a->frame, true);
	return a;
}

static int row_copy(struct fault *f, struct anon *shared)
{
	/* lab cow: copy the shared page for this address space, which then has one reference less to it */
	int error = make_resident(f, shared);

	if (error)
		return error;
	if (!new_private(f, shared->frame)) {
		frame_hold(shared->frame, &f->held);
		return -ENOMEM;
	}
	anon_unref(shared);
	return resolved(f, VMTRACE_DECIDED(VMTRACE_FAULT_ROW_COPY), &vmstat.cow_break);
	/* end of lab cow */
}

static int get_from_object(struct fault *f, bool write, struct frame **frame)
{
	struct memobj *obj = f->region->obj;

	return obj->ops->get(obj, region_object_index(f->region, f->va), write, frame, &f->held);
}

/*
 * => may a page that is read be mapped writable? Not a file's page, whose first store must fault (it updates the file's times
 * and allocates a block for a hole), and none in a space whose soft-dirty bits are tracked.
 */
static bool may_store_unseen(const struct fault *f, const struct frame *frame)
{
	return (f->region->flags & REGION_SHARED) && (f->region->prot & REGION_WRITE) && !f->as->soft_dirty_epoch &&
	       frame->state != FRAME_FILE;
}

/* A load, or a store that is shared. The page is the object's, which may have to read it. */
static int row_object(struct fault *f)
{
	/* lab fault: map the object's frame, and after a load of a file's page its neighbours too */
	struct frame *frame;
	int error = get_from_object(f, f->write, &frame);

	if (error)
		return error;
	if (f->write) {
		memobj_will_write(f->region->obj);
		fault_map(f, frame, true);
	} else {
		fault_map(f, frame, may_store_unseen(f, frame));
		if (frame->state == FRAME_FILE)
			fault_around(f->as, f->region, f->va);
	}
	return resolved(f, VMTRACE_DECIDED(VMTRACE_FAULT_ROW_OBJECT), &vmstat.fault_object);
	/* end of lab fault */
}

/* A private store. The object's page stays as it is. */
static int row_promote(struct fault *f)
{
	/* lab fault: a private page with what is in the object's frame */
	struct frame *source;
	int error = get_from_object(f, false, &source);

	if (error)
		return error;
	if (!new_private(f, source)) {
		frame_hold(source, &f->held);
		return -ENOMEM;
	}
	return resolved(f, VMTRACE_DECIDED(VMTRACE_FAULT_ROW_PROMOTE), &vmstat.promote);
	/* end of lab fault */
}

/* A load. It takes no frame. (MADV_POPULATE_READ may ask for a page that has been read already, and has its entry.) */
static int row_zero_read(struct fault *f)
{
	/* lab fault: map the frame of zeros */
	if (*f->entry)
		addrspace_leave(f->as, f->region, f->va, f->entry);
	rmap_map_zero(&f->as->pagetable, f->va, f->entry);
	return resolved(f, VMTRACE_DECIDED(VMTRACE_FAULT_ROW_ZERO_READ), &vmstat.zero_read);
	/* end of lab fault */
}

static int row_zero_fill(struct fault *f)
{
	/* lab fault: a private page of zeros */
	if (!new_private(f, NULL))
		return -ENOMEM;
	return resolved(f, VMTRACE_DECIDED(VMTRACE_FAULT_ROW_ZERO_FILL), &vmstat.zero_fill);
	/* end of lab fault */
}

static int make_and_map(struct fault *f)
{
	struct anon *a = addrspace_private(f->as, f->va);
	bool shared = f->region->flags & REGION_SHARED;

	if (a)
		return f->write && a->refs > 1 ? row_copy(f, a) : row_private(f, a);
	if (f->region->obj)
		return f->write && !shared ? row_promote(f) : row_object(f);
	return f->write ? row_zero_fill(f) : row_zero_read(f);
}

/* --- wait and restart -------------------------------------------------------------------------------------------- */

/* => how many pages to give up: a batch, to write them in one request; in exact mode just enough for one more page */
static u32 pages_to_give_up(const struct addrspace *as)
{
	u32 over = 1 + pagetable_frames(&as->pagetable) - (as->resident_limit + as->resident_excess);

	return reclaim_exact ? over : MAX(over, MIN(IO_MAX, as->resident_limit / 8));
}

/*
 * The space is at its resident limit (RLIMIT_RSS): evicts pages of its own before it gets another.
 * => 0: go on; -EAGAIN: waited for a request, look again
 */
static NOINLINE int give_up_own(const struct fault *f)
{
	struct policy_scope scope = { &f->as->pagetable };
	enum reclaim_why why = reclaim_exact ? VMTRACE_DECIDED(RECLAIM_EXACT) : VMTRACE_DECIDED(RECLAIM_LIMIT);

	vmstat.scope_reclaim++;
	/*
	 * If nothing of its own can be evicted now, that may change while I/O is under way; without any the limit is
	 * exceeded rather than wait forever.
	 */
	if (reclaim(&scope, pages_to_give_up(f->as), why) || !io_in_flight())
		return 0;
	io_wait();
	return -EAGAIN;
}

/* Entries of the zero frame do not count for the limit: evicting them would free nothing. */
static bool is_at_limit(const struct fault *f)
{
	u32 limit = f->as->resident_limit;

	return limit && pagetable_frames(&f->as->pagetable) >= limit + f->as->resident_excess &&
	       !pagetable_get(&f->as->pagetable, f->va);
}

static int try_once(struct fault *f)
{
	int error = find_region(f);

	if (!error && is_at_limit(f))
		error = give_up_own(f);
	if (error)
		return error;
	f->entry = pagetable_ensure(&f->as->pagetable, f->va);
	if (!f->entry)
		return -ENOMEM;
	error = make_and_map(f);
	if (error == -EAGAIN)
		f->restarted |= WAITED_FOR_IO;
	return error;
}

static NOINLINE enum fault_result result_of(int error)
{
	switch (error) {
	case -EFAULT:
		return FAULT_SEGV_MAP;
	case -EACCES:
		return FAULT_SEGV_ACC;
	case -EINTR:
		return FAULT_KILLED;
	default:
		return FAULT_BUS;
	}
}

/* Not the faults that are resolved without waiting for I/O. */
static NOINLINE void count_special(struct fault *f, enum fault_result result)
{
	if (result != FAULT_OK) {
		vmstat.fault_refused++;
		return;
	}
	vmstat.pgmajfault++;
	f->as->major_faults++;
}

static void account(struct fault *f, enum fault_result result)
{
	bool major = f->restarted & WAITED_FOR_IO; /* as on Linux: a wait for a free frame alone is minor */

	vmstat.pgfault++;
	if (result == FAULT_OK && !major)
		f->as->minor_faults++;
	else
		count_special(f, result);
	TRACE_FAULT(f->as->label, f->va, f->write, f->row, major, result);
}

/* A try has failed with ERROR. => -EAGAIN: try again, it has waited if it had to; another error is the result */
static NOINLINE int restart(struct fault *f, int error)
{
	struct frame_retry retry = { .class = FRAME_FOR_FAULT, .waits = (f->restarted & WAITED_FOR_FRAME) != 0 };
	bool again = error == -EAGAIN || frame_retry(&retry, &error);

	f->restarted |= RESTARTED | (retry.waits ? WAITED_FOR_FRAME : 0);
	return again ? -EAGAIN : error;
}

/* Drops what the thread has kept over the restarts. */
static NOINLINE void end_restarts(struct fault *f)
{
	if (f->restarted & WAITED_FOR_FRAME)
		frame_retry_end();
	if (f->held)
		frame_unpin(f->held);
}

static enum fault_result resolve(struct fault *f)
{
	int error;

	do
		error = try_once(f);
	while (error && (error = restart(f, error)) == -EAGAIN);
	if (f->restarted)
		end_restarts(f);
	return error ? result_of(error) : FAULT_OK;
}

enum fault_result fault_resolve(struct addrspace *as, vaddr_t va, u32 access)
{
	struct fault f = { .as = as, .va = ALIGN_DOWN(va, PAGE_SIZE), .write = access & FAULT_WRITE };
	enum fault_result result = resolve(&f);

	account(&f, result);
	if (reclaim_always && result == FAULT_OK)
		reclaim_after_fault(frame_at(pagetable_get(&as->pagetable, f.va) >> PAGE_SHIFT));
	return result;
}

enum fault_result fault_resolve_pinned(struct addrspace *as, vaddr_t va, u32 access, struct frame **pinned)
{
	enum fault_result result = fault_resolve(as, va, access);

	if (result == FAULT_OK) {
		*pinned = frame_at(pagetable_get(&as->pagetable, va) >> PAGE_SHIFT);
		frame_pin(*pinned);
	}
	return result;
}
