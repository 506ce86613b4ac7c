/* What the tests of regions share: a list, and an object that its regions map. */
#pragma once

#include "host.h"
#include "mm/memobj.h"
#include "mm/region_tree.h"

static struct region_list list;
static struct memobj obj;

static inline struct region *add(vaddr_t start, vaddr_t end, u32 prot, u32 flags, struct memobj *mapped, u32 index)
{
	struct region *r = region_create(start, end, prot, flags, mapped, index);

	CHECK(r);
	region_insert(&list, r);
	return r;
}

static inline void check_sorted(void)
{
	struct region *r;
	vaddr_t before = 0;
	u32 n = 0;

	list_for_each(r, &list.head, link) {
		CHECK(r->start >= before && r->start < r->end);
		before = r->end;
		n++;
	}
	SAME(n, list.count);
	SAME(list.root ? n : 0, region_tree_check(&list));
	CHECK(list.root || n <= 32);
}
