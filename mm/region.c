/*
 * The sorted list of regions. Most tasks have a dozen or two, and most searches end where the last one did; but a task may
 * ask for tens of thousands, so the search itself goes by a tree.
 */
#include "mm/region.h"

#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/commit.h"
#include "mm/kmalloc.h"
#include "mm/memobj_file.h"
#include "mm/region_tree.h"
#include "mm/writeback.h"

u32 regions_max = REGIONS_MAX;

void region_list_init(struct region_list *l)
{
	list_init(&l->head);
	l->root = l->last = NULL;
	l->count = l->counted = 0;
}

struct region *region_next(const struct region_list *l, const struct region *r)
{
	return r->link.next == &l->head ? NULL : list_entry(r->link.next, struct region, link);
}

static struct region *region_previous(struct region_list *l, struct region *r)
{
	return r->link.prev == &l->head ? NULL : list_entry(r->link.prev, struct region, link);
}

struct region *region_find_from(const struct region_list *l, vaddr_t va)
{
	return region_tree_find(l, va);
}

struct region *region_find(struct region_list *l, vaddr_t va)
{
	struct region *r = l->last;

	if (r && r->start <= va && va < r->end)
		return r;
	r = region_find_from(l, va);
	if (!r || r->start > va)
		return NULL;
	l->last = r;
	return r;
}

struct region *region_create(vaddr_t start, vaddr_t end, u32 prot, u32 flags, struct memobj *obj,
			     u32 obj_index)
{
	struct region *r = kmalloc(sizeof(*r));

	if (!r)
		return NULL;
	if ((prot & REGION_WRITE) && !(flags & (REGION_SHARED | REGION_UNCOUNTED)))
		flags |= REGION_COUNTED;
	*r = (struct region){ .start = start, .end = end, .prot = prot, .flags = flags, .obj = obj,
			      .max_prot = REGION_READ | REGION_WRITE | REGION_EXEC, .obj_index = obj_index,
			      .born = anon_clearings };
	list_init(&r->link);
	if (obj)
		memobj_ref(obj);
	return r;
}

struct region *region_create_copy(const struct region *r)
{
	struct region *copy = region_create(r->start, r->end, r->prot, r->flags, r->obj, r->obj_index);

	if (!copy)
		return NULL;
	copy->max_prot = r->max_prot;
	copy->born = r->born;
	copy->inherited = r->inherited;
	return copy;
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

static s32 pages_of(const struct region *r)
{
	return (r->end - r->start) >> PAGE_SHIFT;
}

/* Inserts R before NEXT, in the list and in the tree. */
static void link_before(struct region_list *l, struct list *next, struct region *r)
{
	list_push_back(next, &r->link);
	region_tree_insert(l, r);
	l->count++;
	if (r->obj && r->obj->ops->mapped)
		r->obj->ops->mapped(r->obj, true);
}

void region_insert(struct region_list *l, struct region *r)
{
	struct region *after = region_find_from(l, r->start);

	ASSERT_CMP(r->start, <, r->end);
	ASSERT_CMP((r->start | r->end) & PAGE_MASK, ==, 0);
	ASSERT(!after || after->start >= r->end);
	link_before(l, after ? &after->link : &l->head, r);
	count_pages(l, r, pages_of(r));
}

void region_remove(struct region_list *l, struct region *r)
{
	l->last = region_previous(l, r);
	list_remove(&r->link);
	region_tree_remove(l, r);
	l->count--;
	count_pages(l, r, -pages_of(r));
	if ((r->flags & REGION_SHARED) && (r->max_prot & REGION_WRITE) && memobj_is_file(r->obj))
		wake_all(&writeback_wanted); /* the program is done with it: now it is saved */
	if (r->obj && r->obj->ops->mapped)
		r->obj->ops->mapped(r->obj, false);
	region_free_unused(r);
}

u32 region_object_index(const struct region *r, vaddr_t va)
{
	return r->obj_index + ((va - r->start) >> PAGE_SHIFT);
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
	count_pages(l, r, pages_of(r));
}

void region_grow_down(struct region_list *l, struct region *r, vaddr_t start)
{
	ASSERT_CMP(start, <, r->start);
	count_pages(l, r, (r->start - start) >> PAGE_SHIFT);
	r->start = start;
	region_tree_moved(l, r);
}

static bool continues(const struct region *low, const struct region *high)
{
	return low && high && low->end == high->start && low->prot == high->prot &&
	       low->max_prot == high->max_prot && low->flags == high->flags && low->obj == high->obj && low->inherited == high->inherited &&
	       (!low->obj || region_object_index(low, high->start) == high->obj_index);
}

static void join(struct region_list *l, struct region *low, struct region *high)
{
	low->born = MAX(low->born, high->born);
	count_pages(l, low, pages_of(high));
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

bool region_overlaps(struct region_list *l, vaddr_t start, vaddr_t end)
{
	struct region *r = region_find_from(l, start);

	return r && r->start < end;
}

vaddr_t region_find_hole(struct region_list *l, u32 length, vaddr_t bottom, vaddr_t top)
{
	struct region *above = region_find_from(l, top - 1);
	struct list *link = above ? above->link.prev : l->head.prev;
	struct region *below = link == &l->head ? NULL : list_entry(link, struct region, link);
	vaddr_t ceiling = above ? MIN(above->start, top) : top;
	vaddr_t floor = below ? MAX(below->end, bottom) : bottom;

	if (ceiling >= floor && ceiling - floor >= length)
		return ceiling - length;
	below = below ? region_tree_find_hole(l, below->start, length) : NULL;
	return below && below->start - length >= bottom ? below->start - length : 0;
}
