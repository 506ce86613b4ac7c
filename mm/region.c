/*
 * The sorted list of regions. A task has a dozen or two of them, so a list with a remembered place beats a tree: most
 * searches end where the last one did.
 */
#include "mm/region.h"

#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/kmalloc.h"
#include "mm/memobj_file.h"
#include "mm/writeback.h"

void region_list_init(struct region_list *l)
{
	list_init(&l->head);
	l->count = 0;
	l->last = NULL;
}

struct region *region_next(struct region_list *l, struct region *r)
{
	return r->link.next == &l->head ? NULL : list_entry(r->link.next, struct region, link);
}

static struct region *region_previous(struct region_list *l, struct region *r)
{
	return r->link.prev == &l->head ? NULL : list_entry(r->link.prev, struct region, link);
}

/* What begins at or before VA has nothing before it that ends behind VA: the search may begin there. */
struct region *region_find_from(struct region_list *l, vaddr_t va)
{
	struct list *link = l->last && l->last->start <= va ? &l->last->link : l->head.next;

	for (; link != &l->head; link = link->next) {
		struct region *r = list_entry(link, struct region, link);

		if (r->end > va)
			return r;
	}
	return NULL;
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

void region_insert(struct region_list *l, struct region *r)
{
	struct region *after = region_find_from(l, r->start);

	ASSERT_CMP(r->start, <, r->end);
	ASSERT_CMP((r->start | r->end) & PAGE_MASK, ==, 0);
	ASSERT(!after || after->start >= r->end);
	list_push_back(after ? &after->link : &l->head, &r->link);
	l->count++;
}

void region_remove(struct region_list *l, struct region *r)
{
	l->last = region_previous(l, r);
	list_remove(&r->link);
	l->count--;
	if ((r->flags & REGION_SHARED) && (r->max_prot & REGION_WRITE) && memobj_is_file(r->obj))
		wake_all(&writeback_wanted); /* the program is done with it: now it is saved */
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
	list_insert_after(&r->link, &upper->link);
	l->count++;
}

static bool continues(const struct region *low, const struct region *high)
{
	return low && high && low->end == high->start && low->prot == high->prot &&
	       low->max_prot == high->max_prot && low->flags == high->flags && low->obj == high->obj &&
	       (!low->obj || region_object_index(low, high->start) == high->obj_index);
}

static void join(struct region_list *l, struct region *low, struct region *high)
{
	low->end = high->end;
	low->born = MAX(low->born, high->born);
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
	vaddr_t ceiling = top;

	for (struct list *link = l->head.prev; link != &l->head; link = link->prev) {
		struct region *r = list_entry(link, struct region, link);

		if (r->end < ceiling && ceiling - r->end >= length && ceiling - length >= bottom)
			return ceiling - length;
		ceiling = MIN(ceiling, r->start);
	}
	return ceiling >= bottom && ceiling - bottom >= length ? ceiling - length : 0;
}
