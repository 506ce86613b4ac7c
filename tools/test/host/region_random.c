/* The sorted list of regions, changed at random and compared with an array that says for each page what lies there. */
#include "mm/kmalloc.h"
#include "regions.h"

#define PAGES 256u
#define BASE 0x400000u

static const struct memobj_ops ops = { .name = "test" };
static u8 there[PAGES]; /* protection of each page; 0: nothing */

/* => start of the highest hole of N pages below TOP and at or above BOTTOM; 0: none */
static vaddr_t hole_in_array(u32 n, u32 bottom, u32 top)
{
	for (u32 start = top - n + 1; start-- > bottom;) {
		u32 free = 0;

		while (free < n && !there[start + free])
			free++;
		if (free == n)
			return BASE + start * PAGE_SIZE;
	}
	return 0;
}

static void check_pages(void)
{
	for (u32 p = 0; p < PAGES; p++) {
		struct region *r = region_find(&list, BASE + p * PAGE_SIZE + host_random(PAGE_SIZE));

		SAME(r ? r->prot : 0, there[p]);
		if (r && r->obj)
			SAME(region_object_index(r, BASE + p * PAGE_SIZE), 1000 + p);
	}
}

static void cut_at(vaddr_t va)
{
	struct region *r = region_find(&list, va);

	if (r && r->start < va)
		region_split(&list, r, va, region_create_copy(r));
}

/* [START, END) becomes a hole: of regions that were split at its borders, or of parts that are cut off. */
static void make_hole(vaddr_t start, vaddr_t end, bool split)
{
	struct region *r = region_find(&list, start), *next;

	if (split)
		cut_at(start);
	if (split || (r && r->start < start && end < r->end))
		cut_at(end);
	for (r = region_find_from(&list, start); r && r->start < end; r = next) {
		next = region_next(&list, r);
		region_cut(&list, r, MAX(r->start, start), MIN(r->end, end));
	}
}

static void map(vaddr_t start, vaddr_t end, u8 prot, u32 index, bool split)
{
	struct region wanted = { .start = start, .end = end, .prot = prot, .max_prot = 7, .obj = &obj, .obj_index = index };

	if (split)
		region_merge(&list, add(start, end, prot, 0, &obj, index));
	else
		CHECK(region_add(&list, &wanted));
}

static void change(u32 first, u32 n, u8 prot)
{
	vaddr_t start = BASE + first * PAGE_SIZE, end = start + n * PAGE_SIZE;

	make_hole(start, end, host_random(2));
	if (prot)
		map(start, end, prot, 1000 + first, host_random(2));
	memset(there + first, prot, n);
}

/* PAGES_USED decides how many regions there are at most: so few that a list is enough, or more. */
static void change_at_random(u32 pages_used, u32 rounds)
{
	for (u32 i = 0; i < rounds; i++) {
		u32 n = 1 + host_random(8), first = host_random(pages_used - n), bottom, top;

		if (host_random(2)) {
			change(first, n, (u8)host_random(4));
		} else {
			bottom = host_random(pages_used - 8);
			top = bottom + n + host_random(pages_used - bottom - n + 1);
			SAME(region_find_hole(&list, n * PAGE_SIZE, BASE + bottom * PAGE_SIZE,
					      BASE + top * PAGE_SIZE), hole_in_array(n, bottom, top));
			SAME(region_overlaps(&list, BASE + first * PAGE_SIZE, BASE + (first + n) * PAGE_SIZE),
			     hole_in_array(n, first, first + n) == 0);
		}
		SAME(obj.refs, list.count + 1);
		if (i % 64 == 0) {
			check_sorted();
			check_pages();
		}
	}
}

static void test_random(void)
{
	u32 rounds = host_rounds(1000000);

	host_memory(1, 1024);
	region_list_init(&list);
	memobj_init(&obj, &ops, 10000, NULL);
	change_at_random(24, rounds / 4);
	CHECK(!list.root);
	change_at_random(PAGES, rounds);
	CHECK(list.root);
	while (list.count)
		region_remove(&list, region_find_from(&list, 0));
	SAME(kmalloc_bytes_used(), 0);
}

const struct host_test region_random_tests[] = {
	{ "random", test_random },
	{ NULL, NULL },
};
