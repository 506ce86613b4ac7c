/*
 * Process swap: leave -> evict -> (out) -> return -> read.
 *
 * Page tables are a cache, so an address space can do without them: what remains are regions, pages in slots, and the
 * resident set, the list of the pages that it had in memory. Leaving frees entries, tables and directory at once; then
 * the pages are written in large requests, side by side on the disk. Returning reads just the pages of the resident
 * set, again in large requests, and maps each as soon as it is there (see procswap_map()).
 *
 * Pages that another space maps stay in memory, such as the text of a program that runs twice. Locked pages stay too,
 * and so do pages for which there is no slot: then less memory is gained, but nothing breaks.
 *
 * The caller makes sure that no thread runs in the space, and after each -EAGAIN that the space still exists: its task
 * may be killed while it is out, and ends without being brought back.
 *
 * (Process swapping is older than paging: a whole task was written to the disk, or none of it. BSD and System V kept it
 * in addition to paging, against thrashing; so does this kernel.)
 */
#include "mm/procswap.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/memobj_file.h"
#include "mm/policy.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

/* The object's page behind PAGE of AS, a frame or an anon; NULL: none, or the page is private. */
static void *object_page(struct addrspace *as, u32 page, const struct memobj **obj)
{
	vaddr_t va = page << PAGE_SHIFT;
	struct region *r = region_find(&as->regions, va);

	if (!r || !r->obj || addrspace_private(as, va))
		return NULL;
	*obj = r->obj;
	return pagemap_find(&r->obj->pages, region_object_index(r, va));
}

/* => the anonymous page at PAGE of AS, private or an object's; NULL: there is none */
static struct anon *anon_at(struct addrspace *as, u32 page)
{
	const struct memobj *obj = NULL;
	void *found = object_page(as, page, &obj);

	if (found)
		return obj->ops->anonymous ? found : NULL;
	return addrspace_private(as, page << PAGE_SHIFT);
}

/* => the frame, BUSY or not, of the object's page behind PAGE of AS; NULL: it has none, or the page is private */
static struct frame *object_frame(struct addrspace *as, u32 page)
{
	const struct memobj *obj = NULL;
	void *found = object_page(as, page, &obj);

	return found && obj->ops->anonymous ? ((struct anon *)found)->frame : found;
}

/* The same for any page of AS. */
static struct frame *frame_at_page(struct addrspace *as, u32 page)
{
	struct anon *a = addrspace_private(as, page << PAGE_SHIFT);

	return a ? a->frame : object_frame(as, page);
}

/* --- swapping out ------------------------------------------------------------------------------------------------ */

u32 procswap_slots_needed(struct addrspace *as)
{
	u32 key = 0, n = 0;
	struct anon *a;

	for (; (a = pagemap_next(&as->private, &key, ~0u)); key++)
		n += a->frame && !a->slot;
	return n;
}

/*
 * Makes as->remembered, which is empty, the set of the pages that AS has an entry for. In locked regions the set keeps their
 * frames pinned, all but the zero frame, which is nobody's. => false: out of memory
 */
static bool remember(struct addrspace *as)
{
	/* lab thrash: the pages that the page table maps are the resident set */
	struct region *r;

	list_for_each(r, &as->regions.head, link) {
		for (vaddr_t va = r->start; (va = pagetable_next(&as->pagetable, va, r->end)) < r->end; va += PAGE_SIZE) {
			struct frame *f = frame_at(pagetable_get(&as->pagetable, va) >> PAGE_SHIFT);
			bool keep = (r->flags & REGION_WIRED) && f != rmap_zero_frame;

			if (!resident_set_add(&as->remembered, va >> PAGE_SHIFT, keep ? f : NULL))
				return false;
		}
	}
	return true;
	/* end of lab thrash */
}

static void drop_entries(struct addrspace *as)
{
	struct region *r;

	list_for_each(r, &as->regions.head, link)
		addrspace_leave_all(as, r, r->start, r->end);
}

bool procswap_leave(struct procswap *op, struct addrspace *as)
{
	u32 free;

	ASSERT(!procswap_is_out(as));
	*op = (struct procswap){ .as = as };
	if (!remember(as)) {
		resident_set_clear(&as->remembered);
		return false;
	}
	drop_entries(as);
	free = frame_count(FRAME_FREE);
	pagetable_free_range(&as->pagetable, 0, USER_END);
	pagetable_destroy(&as->pagetable);
	op->figures.pages = resident_set_count(&as->remembered);
	op->figures.frames = frame_count(FRAME_FREE) - free;
	vmstat.procswap_out++;
	return true;
}

/* Frames on their way out, gathered for one request. */
struct sweep {
	struct procswap_figures *figures;
	struct frame *batch[IO_MAX];
	u32 n;
	struct frame *busy; /* one whose I/O is under way; NULL: none */
	bool starved;       /* some of a batch stayed: there was no request, no slot, or a frame could no longer go */
};

static void procswap_send(struct sweep *s)
{
	u32 pages = vmstat.pswpout, runs = vmstat.swap_runs;
	u32 begun = reclaim_frames(s->batch, s->n, VMTRACE_DECIDED(RECLAIM_PROCSWAP));

	s->figures->frames += begun;
	s->figures->moved += vmstat.pswpout - pages;
	s->figures->runs += vmstat.swap_runs - runs;
	for (u32 i = 0; i < s->n; i++)
		if (s->batch[i]->flags & (FRAME_BUSY | FRAME_WRITEBACK))
			s->busy = s->batch[i];
	s->starved |= begun < s->n;
	s->n = 0;
}

/* Puts F (NULL: no frame) into the batch, if it may be evicted and no space maps it; a full batch is sent. */
static void consider(struct sweep *s, struct frame *f)
{
	/* lab thrash: may this frame go now, later, or not at all? */
	if (!f || f->maps)
		return;
	if (f->flags & (FRAME_BUSY | FRAME_WRITEBACK))
		s->busy = f;
	else if (policy_evictable(f))
		s->batch[s->n++] = f;
	if (s->n == IO_MAX)
		procswap_send(s);
	/* end of lab thrash */
}

int procswap_evict(struct procswap *op)
{
	/* lab thrash: send the private pages and those of objects, and wait until all are written */
	struct addrspace *as = op->as;
	struct sweep s = { .figures = &op->figures };
	struct frame *kept;
	struct anon *a;

	for (u32 page = 0; (a = pagemap_next(&as->private, &page, ~0u)); page++)
		consider(&s, a->frame);
	for (u32 page = 0; resident_set_next(&as->remembered, &page, &kept); page++)
		consider(&s, object_frame(as, page));
	procswap_send(&s);
	if (!s.busy && (!s.starved || io_available()))
		return 0;
	if (s.busy)
		frame_wait(s.busy);
	else
		io_wait();
	return -EAGAIN;
	/* end of lab thrash */
}

/* --- swapping in ------------------------------------------------------------------------------------------------- */

bool procswap_return(struct procswap *op, struct addrspace *as)
{
	ASSERT(procswap_is_out(as));
	if (!pagetable_create(&as->pagetable))
		return false;
	*op = (struct procswap){ .as = as, .figures.pages = resident_set_count(&as->remembered) };
	vmstat.procswap_in++;
	return true;
}

/*
 * Puts the next pages of the set, from op->page on, into RUN, and their numbers into PAGES, as long as they are anonymous, only in
 * slots, and side by side there. => how many, IO_MAX at most
 */
static u32 gather_run(struct procswap *op, struct anon *run[IO_MAX], u32 pages[IO_MAX])
{
	/* lab thrash: which pages one request can read */
	u32 n = 0, page = op->page;
	struct frame *kept;

	while (n < IO_MAX && resident_set_next(&op->as->remembered, &page, &kept)) {
		struct anon *a = kept ? NULL : anon_at(op->as, page);

		if (!a || a->frame || (n && a->slot != run[n - 1]->slot + 1))
			break;
		pages[n] = page++;
		run[n++] = a;
	}
	return n;
	/* end of lab thrash */
}

/* => 0: begun; -EAGAIN, -ENOMEM as procswap_read() */
static int read_run(struct procswap *op, struct anon *const *run, const u32 *pages, u32 n)
{
	u32 begun = anon_read_run(run, n);

	if (begun) {
		op->page = pages[begun - 1] + 1;
		op->figures.moved += begun;
		op->figures.frames += begun;
		op->figures.runs++;
		return 0;
	}
	if (io_available())
		return -ENOMEM;
	io_wait();
	return -EAGAIN;
}

/*
 * op->page need not be read from swap. If it is a file's page that is not in memory, starts to read it.
 * => 0; -EAGAIN
 */
static int read_other(struct procswap *op)
{
	vaddr_t va = op->page++ << PAGE_SHIFT;
	struct region *r = region_find(&op->as->regions, va);

	if (!r || !memobj_is_file(r->obj) || frame_at_page(op->as, va >> PAGE_SHIFT) || addrspace_private(op->as, va))
		return 0;
	memobj_file_will_need(r->obj, region_object_index(r, va));
	return -EAGAIN; /* the file system may have slept: the space may be gone */
}

static int begin_next(struct procswap *op)
{
	struct anon *run[IO_MAX];
	u32 pages[IO_MAX];
	u32 n = gather_run(op, run, pages);

	return n ? read_run(op, run, pages, n) : read_other(op);
}

/*
 * Makes the entry at once: only entries keep a locked page wired, and tell the resident set if the space leaves again
 * soon.
 */
static void procswap_map(struct addrspace *as, u32 page, pte_t *entry, struct frame *f)
{
	vaddr_t va = page << PAGE_SHIFT;
	struct region *r = region_find(&as->regions, va);
	const struct anon *a = addrspace_private(as, va);

	if (f)
		addrspace_enter(as, r, va, entry, f, a && addrspace_may_write(as, r, a));
	else if (!a && !r->obj)
		rmap_map_zero(&as->pagetable, va, entry);
}

/* => 0: PAGE is mapped, unless it could not be read, and not in the set any more; -EAGAIN, -ENOMEM as procswap_read() */
static int arrive(struct addrspace *as, u32 page, struct frame *kept)
{
	/* lab thrash: wait for a page, and map it */
	struct frame *f = kept ? kept : frame_at_page(as, page);

	if (f && (f->flags & FRAME_BUSY)) {
		frame_wait(f);
		return -EAGAIN;
	}
	if (!f || !(f->flags & FRAME_RELEASED)) {
		pte_t *entry = pagetable_ensure(&as->pagetable, page << PAGE_SHIFT);

		if (!entry)
			return -ENOMEM;
		procswap_map(as, page, entry, f);
	}
	resident_set_remove(&as->remembered, page);
	return 0;
	/* end of lab thrash */
}

int procswap_read(struct procswap *op)
{
	struct resident_set *set = &op->as->remembered;
	struct frame *kept;
	int error = 0;

	/* Begins all the reads: begin_next() moves op->page on. */
	while (!error && resident_set_next(set, &op->page, &kept))
		error = begin_next(op);
	/*
	 * Then waits for them one by one: arrive() takes its page out of the set, so the next search finds the one
	 * after.
	 */
	for (u32 page = 0; !error && resident_set_next(set, &page, &kept);)
		error = arrive(op->as, page, kept);
	return error;
}
