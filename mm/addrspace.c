/*
 * Address spaces: building and destroying them, mapping and unmapping. (What regions permit: addrspace_change.c; copying:
 * addrspace_fork.c.)
 *
 * Each change first validates, then takes the memory it needs (a split needs a region), then commits, which cannot
 * fail. Wired regions: an entry in one counts in its frame's `wires`, from addrspace_enter() to addrspace_leave().
 */
#include "mm/addrspace.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/memobj_file.h"
#include "mm/vmtrace.h"
#include "mm/writeback.h"

struct list addrspace_all = LIST_INIT(addrspace_all);

struct addrspace *addrspace_create(u32 label)
{
	struct addrspace *as = kzalloc(sizeof(*as));

	if (!as)
		return NULL;
	if (!pagetable_create(&as->pagetable)) {
		kfree(as);
		return NULL;
	}
	region_list_init(&as->regions);
	pagemap_init(&as->private);
	resident_set_init(&as->remembered);
	as->stack_limit = USER_STACK_LIMIT;
	as->mmap_top = layout_mmap_top(as->stack_limit);
	as->label = as->pagetable.label = label;
	list_push_back(&addrspace_all, &as->all);
	TRACE_SPACE(label);
	return as;
}

void addrspace_rename(struct addrspace *as, u32 label, const char *name)
{
	u32 built_as = as->label;

	as->label = as->pagetable.label = label;
	TRACE_EXEC(label, built_as, name);
}

/* --- entries ----------------------------------------------------------------------------------------------------- */

void addrspace_leave(struct addrspace *as, const struct region *r, vaddr_t va, pte_t *entry)
{
	struct frame *f = rmap_unmap_entry(&as->pagetable, va, entry);

	if (f && (r->flags & REGION_WIRED) && f->wires)
		frame_unwire(f);
}

/* Removes the entries from VA on, below END, as long as they are present and in one table. => where that ends */
static vaddr_t leave_run(struct addrspace *as, const struct region *r, vaddr_t va, vaddr_t end)
{
	pte_t *entry = pagetable_entry(&as->pagetable, va);

	do {
		addrspace_leave(as, r, va, entry++);
		va += PAGE_SIZE;
	} while (va < end && (va & (LARGE_PAGE_SIZE - 1)) && *entry);
	return va;
}

void addrspace_leave_from(struct addrspace *as, const struct region *r, vaddr_t va, vaddr_t end)
{
	ASSERT_CMP(va, <, end);
	pagetable_batch_begin(&as->pagetable);
	for (; va < end; va = pagetable_next(&as->pagetable, va, end))
		va = leave_run(as, r, va, end);
	pagetable_batch_end(&as->pagetable);
}

/* Removes the entries and private pages of R's part [START, END). */
static void drop_pages(struct addrspace *as, const struct region *r, vaddr_t start, vaddr_t end)
{
	u32 page = start >> PAGE_SHIFT, n;
	void *run[PAGEMAP_RUN];

	addrspace_leave_all(as, r, start, end);
	for (; (n = pagemap_remove_run(&as->private, &page, end >> PAGE_SHIFT, run)); page += n)
		for (u32 i = 0; i < n; i++)
			if (run[i])
				anon_unref(run[i]);
}

void addrspace_discard(struct addrspace *as, const struct region *r, vaddr_t start, vaddr_t end)
{
	drop_pages(as, r, start, end);
	TRACE_DISCARD(as->label, start, end);
}

/* Discards R's pages beyond the end of its object. */
static void cut_region(struct addrspace *as, const struct region *r)
{
	u32 kept = r->obj->npages > r->obj_index ? r->obj->npages - r->obj_index : 0;

	if (kept < (r->end - r->start) >> PAGE_SHIFT)
		addrspace_discard(as, r, r->start + (kept << PAGE_SHIFT), r->end);
}

void addrspace_truncate(const struct memobj *obj)
{
	const struct region *r;

	list_for_each(r, &obj->regions, mapping)
		cut_region(addrspace_of(r), r);
}

bool addrspace_may_store(const struct memobj *obj)
{
	const struct region *r;

	list_for_each(r, &obj->regions, mapping)
		if ((r->flags & REGION_SHARED) && (r->max_prot & REGION_WRITE))
			return true;
	return false;
}

bool addrspace_is_full(const struct addrspace *as)
{
	return as->regions.count > regions_max;
}

/* --- mapping ----------------------------------------------------------------------------------------------------- */

static void count_mapped(struct addrspace *as, vaddr_t start, u32 length, u32 prot, u32 flags, struct memobj *obj,
			 u32 obj_index)
{
	if (flags & REGION_WIRED)
		as->wired += length >> PAGE_SHIFT;
	TRACE_REGION(as->label, start, start + length, prot, flags & REGION_TRACED, obj, obj_index);
}

struct region *addrspace_map_apart(struct addrspace *as, vaddr_t start, u32 length, u32 prot, u32 max_prot, u32 flags,
				   struct memobj *obj, u32 obj_index)
{
	struct region *r = NULL;

	if (!addrspace_is_full(as))
		r = region_create(start, start + length, prot, flags, obj, obj_index);
	if (!r)
		return NULL;
	r->max_prot = max_prot;
	region_insert(&as->regions, r);
	count_mapped(as, start, length, prot, flags, obj, obj_index);
	return r;
}

int addrspace_map(struct addrspace *as, vaddr_t start, u32 length, u32 prot, u32 max_prot, u32 flags,
		  struct memobj *obj, u32 obj_index)
{
	struct region wanted = {
		.start = start, .end = start + length, .prot = prot, .flags = region_flags(prot, flags),
		.max_prot = max_prot, .obj = obj, .obj_index = obj_index, .birth_epoch = anon_epoch,
	};

	if (addrspace_is_full(as) || !region_add(&as->regions, &wanted))
		return -ENOMEM;
	count_mapped(as, start, length, prot, flags, obj, obj_index);
	return 0;
}

static bool cuts(const struct region *r, vaddr_t va)
{
	return r && r->start < va;
}

int addrspace_make_borders(struct addrspace *as, vaddr_t start, vaddr_t end)
{
	struct region *at_start = region_find(&as->regions, start);
	struct region *at_end = region_find(&as->regions, end);
	struct region *upper_start = NULL, *upper_end = NULL;

	if (as->regions.count + cuts(at_start, start) + cuts(at_end, end) > MAX(regions_max, as->regions.count))
		return -ENOMEM;
	if (cuts(at_start, start) && !(upper_start = region_create_copy(at_start)))
		return -ENOMEM;
	if (cuts(at_end, end) && !(upper_end = region_create_copy(at_end))) {
		region_free_unused(upper_start);
		return -ENOMEM;
	}
	if (upper_end)
		region_split(&as->regions, at_end, end, upper_end);
	if (upper_start)
		region_split(&as->regions, at_start, start, upper_start);
	return 0;
}

/* Frees the page tables of [START, END), which is unmapped now, as far as no region is left in them. ABOVE: the next region */
static void free_tables(struct addrspace *as, vaddr_t start, vaddr_t end, const struct region *above)
{
	const struct region *below = region_previous(&as->regions, above);
	vaddr_t first = ALIGN_DOWN(start, LARGE_PAGE_SIZE), last = ALIGN_UP(end, LARGE_PAGE_SIZE);

	if (below)
		first = MAX(first, ALIGN_UP(below->end, LARGE_PAGE_SIZE));
	last = MIN(last, above ? ALIGN_DOWN(above->start, LARGE_PAGE_SIZE) : USER_END);
	if (first < last)
		pagetable_free_range(&as->pagetable, first, last);
}

/* A program that unmaps a part of a file is done with it: wakes the thread that writes files back. */
static void save_soon(const struct region *r)
{
	if ((r->flags & REGION_SHARED) && (r->max_prot & REGION_WRITE) && memobj_is_file(r->obj))
		wake_all(&writeback_wanted);
}

/* Unmaps [START, END), one end of R or all of it. */
static void unmap_part(struct addrspace *as, struct region *r, vaddr_t start, vaddr_t end)
{
	drop_pages(as, r, start, end);
	TRACE_UNREGION(as->label, start, end);
	if (r->flags & REGION_WIRED)
		as->wired -= (end - start) >> PAGE_SHIFT;
	save_soon(r);
	region_cut(&as->regions, r, start, end);
}

/* Splits R at VA. => false: too many regions, or no memory */
static bool split(struct addrspace *as, struct region *r, vaddr_t va)
{
	struct region *upper = as->regions.count < regions_max ? region_create_copy(r) : NULL;

	if (upper)
		region_split(&as->regions, r, va, upper);
	return upper;
}

/* Only a hole inside a region splits it, which takes memory. */
int addrspace_unmap(struct addrspace *as, vaddr_t start, u32 length)
{
	vaddr_t end = start + length;
	struct region *r = region_find_from(&as->regions, start), *next;

	if (r && r->start < start && end < r->end && !split(as, r, end))
		return -ENOMEM;
	for (; r && r->start < end; r = next) {
		next = r->end > end ? r : region_next(&as->regions, r); /* what lies beyond END stays */
		unmap_part(as, r, MAX(start, r->start), MIN(end, r->end));
	}
	free_tables(as, start, end, r);
	return 0;
}

/* All pages first: neighbours share tables. */
void addrspace_destroy(struct addrspace *as)
{
	u32 pages = as->private.count;
	struct region *r;

	list_for_each(r, &as->regions.head, link)
		drop_pages(as, r, r->start, r->end);
	while (!list_empty(&as->regions.head)) {
		r = list_first(&as->regions.head, struct region, link);
		pagetable_free_range(&as->pagetable, ALIGN_DOWN(r->start, LARGE_PAGE_SIZE),
				     MIN(ALIGN_UP(r->end, LARGE_PAGE_SIZE), USER_END));
		save_soon(r);
		region_remove(&as->regions, r);
	}
	pagemap_destroy(&as->private);
	resident_set_clear(&as->remembered);
	pagetable_destroy(&as->pagetable);
	list_remove(&as->all);
	TRACE_EXIT(as->label, pages);
	kfree(as);
}
