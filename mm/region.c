/*
 * The sorted list of regions. Most tasks have a dozen or two, and most searches end where the last one did or at the next
 * region. A task may ask for tens of thousands, so above LIST_MAX regions there is a tree over the list. Below that, searching
 * the list is as fast, and updating a tree would take half of all instructions of a brk().
 */
#include "mm/region.h"

#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/anon.h"
#include "mm/commit.h"
#include "mm/kmalloc.h"
#include "mm/memobj.h"
#include "mm/region_tree.h"

#define LIST_MAX 32u

u32 regions_max = REGIONS_DEFAULT;

void region_list_init(struct region_list *l)
{
	list_init(&l->head);
	l->root = l->last = NULL;
	l->count = l->counted = 0;
}

struct region *region_search(const struct region_list *l, vaddr_t va)
{
	struct region *r;

	if (l->root)
		return region_tree_find(l, va);
	list_for_each(r, &l->head, link)
		if (r->end > va)
			return r;
	return NULL;
}

struct region *region_find_anew(struct region_list *l, vaddr_t va)
{
	struct region *r = region_find_from(l, va);

	if (!r || r->start > va)
		return NULL;
	l->last = r;
	return r;
}

struct region *region_create_copy(const struct region *r)
{
	struct region *copy = kmalloc(r->obj ? sizeof(*r) : offsetof(struct region, mapping));

	if (!copy)
		return NULL;
	memcpy_words((u32 *)copy, (const u32 *)r, offsetof(struct region, link) / sizeof(u32));
	list_init(&copy->link);
	if (copy->obj)
		memobj_ref(copy->obj);
	return copy;
}

struct region *region_create(vaddr_t start, vaddr_t end, u32 prot, u32 flags, struct memobj *obj,
			     u32 obj_index)
{
	struct region r = {
		.start = start, .end = end, .prot = prot, .flags = region_flags(prot, flags), .obj = obj,
		.obj_index = obj_index, .max_prot = REGION_READ | REGION_WRITE | REGION_EXEC, .birth_epoch = anon_epoch,
	};

	return region_create_copy(&r);
}

void region_free_unused(struct region *r)
{
	if (!r)
		return;
	ASSERT(list_empty(&r->link));
	if (r->obj)
		memobj_unref(r->obj);
	kfree(r);
}

/* Adds PAGES of R to the promises of L, if R is counted. */
static void count_pages(struct region_list *l, const struct region *r, s32 pages)
{
	if (!(r->flags & REGION_COUNTED))
		return;
	l->counted += pages;
	commit_count(pages);
}

static s32 region_pages_of(const struct region *r)
{
	return (r->end - r->start) >> PAGE_SHIFT;
}

static void notify_object(const struct region *r, bool mapped)
{
	if (r->obj && r->obj->ops->mapped)
		r->obj->ops->mapped(r->obj, mapped);
}

static NOINLINE void enter_object(struct region_list *l, struct region *r)
{
	r->space = l;
	list_push_back(&r->obj->regions, &r->mapping);
	notify_object(r, true);
}

static void leave_object(struct region *r)
{
	if (!r->obj)
		return;
	list_remove(&r->mapping);
	notify_object(r, false);
}

static NOINLINE void make_tree(struct region_list *l)
{
	struct region *r;

	list_for_each(r, &l->head, link)
		region_tree_insert(l, r);
}

/* Inserts R before NEXT, in the list and, if there is one, in the tree. */
static inline void link_before(struct region_list *l, struct list *next, struct region *r)
{
	list_push_back(next, &r->link);
	l->last = r;
	if (l->root)
		region_tree_insert(l, r);
	else if (l->count == LIST_MAX)
		make_tree(l);
	l->count++;
	if (r->obj)
		enter_object(l, r);
}

void region_insert(struct region_list *l, struct region *r)
{
	struct region *after = region_find_from(l, r->start);

	ASSERT_CMP(r->start, <, r->end);
	ASSERT_CMP((r->start | r->end) & PAGE_MASK, ==, 0);
	ASSERT(!after || after->start >= r->end);
	link_before(l, after ? &after->link : &l->head, r);
	count_pages(l, r, region_pages_of(r));
}

void region_remove(struct region_list *l, struct region *r)
{
	l->last = region_previous(l, r);
	list_remove(&r->link);
	if (l->root)
		region_tree_remove(l, r);
	l->count--;
	count_pages(l, r, -region_pages_of(r));
	leave_object(r);
	region_free_unused(r);
}

void region_split(struct region_list *l, struct region *r, vaddr_t va, struct region *upper)
{
	ASSERT(r->start < va && va < r->end);
	upper->start = va;
	upper->end = r->end;
	upper->obj_index = region_object_index(r, va);
	upper->prot = r->prot;
	upper->flags = r->flags;
	r->end = va;
	link_before(l, r->link.next, upper);
}

bool region_may_promise(const struct region *r)
{
	return !(r->flags & (REGION_SHARED | REGION_COUNTED | REGION_UNCOUNTED));
}

void region_promise(struct region_list *l, struct region *r)
{
	ASSERT(region_may_promise(r));
	r->flags |= REGION_COUNTED;
	count_pages(l, r, region_pages_of(r));
}

/* The hole below R has changed. R may be NULL. */
static void hole_changed(struct region_list *l, struct region *r)
{
	if (l->root && r)
		region_tree_moved(l, r);
}

void region_grow_down(struct region_list *l, struct region *r, vaddr_t start)
{
	ASSERT_CMP(start, <, r->start);
	count_pages(l, r, (r->start - start) >> PAGE_SHIFT);
	r->start = start;
	hole_changed(l, r);
}

static void cut_start(struct region_list *l, struct region *r, vaddr_t start)
{
	r->obj_index = region_object_index(r, start);
	r->start = start;
	hole_changed(l, r);
}

static void set_end(struct region_list *l, struct region *r, vaddr_t end)
{
	r->end = end;
	hole_changed(l, region_next(l, r));
}

void region_cut_part(struct region_list *l, struct region *r, vaddr_t start, vaddr_t end)
{
	ASSERT(start < end && (start == r->start ? end < r->end : start > r->start && end == r->end));
	count_pages(l, r, -(s32)((end - start) >> PAGE_SHIFT));
	if (start == r->start)
		cut_start(l, r, end);
	else
		set_end(l, r, start);
	notify_object(r, true); /* as on Linux, where the part becomes a region of its own first */
	notify_object(r, false);
}

static inline bool continues(const struct region *low, const struct region *high)
{
	return low && high && low->end == high->start && low->flags == high->flags && low->prot == high->prot &&
	       low->max_prot == high->max_prot && low->obj == high->obj && low->inherited == high->inherited &&
	       (!low->obj || region_object_index(low, high->start) == high->obj_index);
}

static void join(struct region_list *l, struct region *low, struct region *high)
{
	low->birth_epoch = MAX(low->birth_epoch, high->birth_epoch);
	count_pages(l, low, region_pages_of(high));
	low->end = high->end;
	region_remove(l, high);
}

struct region *region_merge(struct region_list *l, struct region *r)
{
	struct region *next = region_next(l, r);
	struct region *previous = region_previous(l, r);

	if (continues(r, next))
		join(l, r, next);
	if (!continues(previous, r))
		return r;
	join(l, previous, r);
	return previous;
}

bool region_add(struct region_list *l, const struct region *wanted)
{
	struct region *above = region_find_from(l, wanted->start);
	struct list *next = above ? &above->link : &l->head;
	struct region *r = region_previous(l, above);

	if (continues(r, wanted)) {
		r->birth_epoch = MAX(r->birth_epoch, wanted->birth_epoch);
		set_end(l, r, wanted->end);
	} else {
		r = region_create_copy(wanted);
		if (!r)
			return false;
		link_before(l, next, r);
	}
	count_pages(l, wanted, region_pages_of(wanted));
	if (continues(r, above))
		join(l, r, above);
	return true;
}

/* => the highest region from R down that has a hole of LENGTH bytes directly below it, or NULL */
static struct region *above_hole(struct region_list *l, struct region *r, u32 length)
{
	if (r && l->root)
		return region_tree_find_hole(l, r->start, length);
	while (r && region_hole_below(l, r) < length)
		r = region_previous(l, r);
	return r;
}

vaddr_t region_find_hole(struct region_list *l, u32 length, vaddr_t bottom, vaddr_t top)
{
	struct region *above = region_find_from(l, top - 1);
	struct region *below = region_previous(l, above);
	vaddr_t ceiling = above ? MIN(above->start, top) : top;
	vaddr_t floor = below ? MAX(below->end, bottom) : bottom;

	if (ceiling >= floor && ceiling - floor >= length)
		return ceiling - length;
	below = above_hole(l, below, length);
	return below && below->start - length >= bottom ? below->start - length : 0;
}
