/*
 * Regions: which accesses a program may make where. A sorted list of disjoint, page-aligned intervals (I7); when there
 * are many, a tree over it (region_tree.h) is searched instead.
 */
#pragma once

#include "kernel/base/list.h"
#include "mm/layout.h"

struct memobj;

/* Protection as in Linux's PROT_*. */
enum { REGION_READ = 1, REGION_WRITE = 2, REGION_EXEC = 4 };

enum region_flag {
	REGION_SHARED = 1 << 0,    /* stores go to the object; otherwise private copies */
	REGION_GROWSDOWN = 1 << 1, /* a stack */
	REGION_WIRED = 1 << 2,     /* mlock */
	REGION_HEAP = 1 << 3,      /* between start_brk and brk */
	REGION_NOFORK = 1 << 4,    /* a child of fork does not get it */
	REGION_WIPED = 1 << 5,     /* a child of fork gets it empty */
	REGION_COUNTED = 1 << 6,   /* private and, at some time, writable: its pages are promised (commit.h) */
	REGION_UNCOUNTED = 1 << 7, /* its pages never are: MAP_NORESERVE */
};

/* The flags that appear in the trace: not those for the accounting of promises. */
#define REGION_TRACED (REGION_COUNTED - 1u)

struct region {
	vaddr_t start, end;
	u8 prot, flags;
	u8 max_prot;         /* what mprotect may ask for (a read-only file mapped shared) */
	bool inherited;      /* by fork, with private pages: as on Linux, it is joined only with parts that were split off it */
	struct memobj *obj;  /* NULL: anonymous private */
	u32 obj_index;       /* page of the object at `start` */
	u32 birth_epoch;     /* anon_epoch when it was made */
	/* A copy has the same up to here. Its place in the list, and in the tree: */
	struct list link;
	struct region *left, *right;
	u32 largest_hole;    /* directly below a region of its subtree */
	u32 height;          /* of its subtree */
	/* The rest exists only if there is an object: most regions have none, and a task may have very many. */
	struct list mapping; /* in the object's list of regions */
	struct region_list *space; /* the list that it is in */
};

struct region_list {
	struct list head;
	struct region *root; /* of the tree; NULL: there are so few regions that the list is enough */
	u32 count;
	u32 counted;         /* pages of its REGION_COUNTED regions */
	struct region *last; /* the region of the last search or change */
};

/* How many regions a space may have (vm.max_map_count): by default, as on Linux; at most, one for each page of user space. */
#define REGIONS_DEFAULT 65530u
#define REGIONS_MAX (USER_END / PAGE_SIZE)
extern u32 regions_max;

void region_list_init(struct region_list *l);

/* => the region that contains VA, or NULL */
struct region *region_find_anew(struct region_list *l, vaddr_t va);
static inline struct region *region_find(struct region_list *l, vaddr_t va)
{
	struct region *r = l->last;

	return r && r->start <= va && va < r->end ? r : region_find_anew(l, va);
}

/* => the region after R, or NULL */
static inline struct region *region_next(const struct region_list *l, const struct region *r)
{
	return r->link.next == &l->head ? NULL : list_entry(r->link.next, struct region, link);
}

/* => the region before R (NULL: the last one), or NULL */
static inline struct region *region_previous(const struct region_list *l, const struct region *r)
{
	struct list *link = r ? r->link.prev : l->head.prev;

	return link == &l->head ? NULL : list_entry(link, struct region, link);
}

/* => the first region that ends after VA (it may begin after VA), or NULL */
struct region *region_search(const struct region_list *l, vaddr_t va);
static inline struct region *region_find_from(const struct region_list *l, vaddr_t va)
{
	struct region *last = l->last, *next;

	if (!last || va < last->start)
		return region_search(l, va);
	if (va < last->end)
		return last;
	next = region_next(l, last);
	return !next || va < next->end ? next : region_search(l, va);
}

/* => bytes that are free between R and the region below it */
static inline u32 region_hole_below(const struct region_list *l, const struct region *r)
{
	const struct region *below = region_previous(l, r);

	return r->start - (below ? below->end : 0);
}

/* => FLAGS, with REGION_COUNTED if the pages of a region with PROT are promised */
static inline u32 region_flags(u32 prot, u32 flags)
{
	bool counted = (prot & REGION_WRITE) && !(flags & (REGION_SHARED | REGION_UNCOUNTED));

	return counted ? flags | REGION_COUNTED : flags;
}

/* => a new region in no list, with a reference to OBJ; NULL: out of memory */
struct region *region_create(vaddr_t start, vaddr_t end, u32 prot, u32 flags, struct memobj *obj, u32 obj_index);
void region_insert(struct region_list *l, struct region *r); /* must not overlap */

/* Inserts a copy of WANTED, or grows the neighbours that it continues. => false: out of memory */
bool region_add(struct region_list *l, const struct region *wanted) MUST_CHECK;

void region_remove(struct region_list *l, struct region *r); /* unlinks and frees it, drops its object */

/* Splits R at VA (inside it); R keeps the lower part. UPPER was made with region_create_copy(). */
struct region *region_create_copy(const struct region *r);
void region_split(struct region_list *l, struct region *r, vaddr_t va, struct region *upper);
void region_free_unused(struct region *r); /* a created region that was not inserted */

/* => would R's pages be promised if it became writable? */
bool region_may_promise(const struct region *r);

/* R becomes writable: promises its pages. */
void region_promise(struct region_list *l, struct region *r);

/*
 * Removes [START, END), one end of R or all of it, in which there are no pages any more. If it is all of R, R is freed.
 */
void region_cut_part(struct region_list *l, struct region *r, vaddr_t start, vaddr_t end);
static inline void region_cut(struct region_list *l, struct region *r, vaddr_t start, vaddr_t end)
{
	if (start == r->start && end == r->end)
		region_remove(l, r);
	else
		region_cut_part(l, r, start, end);
}

/* Extends R downwards to START; the range between is free. */
void region_grow_down(struct region_list *l, struct region *r, vaddr_t start);

/* Joins R with the neighbours that it continues. => the joined region */
struct region *region_merge(struct region_list *l, struct region *r);

/* The highest hole of LENGTH bytes below TOP and above BOTTOM. => its start, 0 if none */
vaddr_t region_find_hole(struct region_list *l, u32 length, vaddr_t bottom, vaddr_t top);
static inline bool region_overlaps(struct region_list *l, vaddr_t start, vaddr_t end)
{
	struct region *r = region_find_from(l, start);

	return r && r->start < end;
}

/* => the page of R's object at VA */
static inline u32 region_object_index(const struct region *r, vaddr_t va)
{
	return r->obj_index + ((va - r->start) >> PAGE_SHIFT);
}
