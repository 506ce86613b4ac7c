/* The sorted list of regions, against an array that says for each page what lies there. */
#include "host.h"
#include "mm/kmalloc.h"
#include "mm/memobj.h"
#include "mm/region_tree.h"

static struct region_list list;

static u32 destroyed;

static void destroy(struct memobj *obj)
{
	(void)obj;
	destroyed++;
}

static const struct memobj_ops ops = { .name = "test", .destroy = destroy };

static struct region *add(vaddr_t start, vaddr_t end, u32 prot, u32 flags, struct memobj *obj, u32 index)
{
	struct region *r = region_create(start, end, prot, flags, obj, index);

	CHECK(r);
	region_insert(&list, r);
	return r;
}

static void check_sorted(void)
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

/* A hundred, inserted out of order, with gaps between; every edge of each looked up, remembered place or not. */
static void test_hundred(void)
{
	u32 order[100];

	host_memory(1, 1024);
	region_list_init(&list);
	for (u32 i = 0; i < 100; i++)
		order[i] = i;
	host_shuffle(order, 100);
	for (u32 i = 0; i < 100; i++) {
		vaddr_t start = 0x10000 + order[i] * 0x8000;

		add(start, start + 0x5000, REGION_READ, order[i], NULL, 0);
		check_sorted();
	}
	for (u32 n = 0; n < 10000; n++) {
		u32 i = n < 100 ? n : host_random(100);
		vaddr_t start = 0x10000 + i * 0x8000, end = start + 0x5000;

		SAME(region_find(&list, start)->flags, i);
		SAME(region_find(&list, end - 1)->flags, i);
		CHECK(!region_find(&list, end) && !region_find(&list, start - 1));
		SAME(region_find_from(&list, end - 1)->flags, i);
		CHECK(i == 99 ? !region_find_from(&list, end) : region_find_from(&list, end)->flags == i + 1);
		SAME(region_find_from(&list, start - 1)->flags, i);
		CHECK(region_overlaps(&list, start, start + 1) && region_overlaps(&list, end - 1, end));
		CHECK(!region_overlaps(&list, end, end + 0x3000));
		SAME(region_overlaps(&list, end, end + 0x3001), i < 99);
		CHECK(region_overlaps(&list, 0, ~0u) && !region_overlaps(&list, 0, 0x10000));
	}
	CHECK(!region_find(&list, 0) && !region_find(&list, ~0u));
	host_shuffle(order, 100);
	for (u32 i = 0; i < 100; i++) {
		region_remove(&list, region_find(&list, 0x10000 + order[i] * 0x8000));
		CHECK(!region_find(&list, 0x10000 + order[i] * 0x8000));
		check_sorted();
	}
	SAME(kmalloc_bytes_used(), 0);
}

static struct memobj obj;

static void test_split_and_merge(void)
{
	struct region *low, *high, *copy;

	host_memory(1, 1024);
	region_list_init(&list);
	memobj_init(&obj, &ops, 1000, NULL);
	low = add(0x100000, 0x110000, REGION_READ, REGION_SHARED, &obj, 7);
	low->max_prot = REGION_READ;
	for (vaddr_t cut = 0x101000; cut < 0x110000; cut += PAGE_SIZE) {
		high = region_create_copy(low);
		SAME(obj.refs, 3);
		region_split(&list, low, cut, high);
		SAME(list.count, 2);
		SAME(low->end, cut);
		SAME(high->start, cut);
		SAME(high->end, 0x110000);
		SAME(high->obj_index, 7 + ((cut - 0x100000) >> PAGE_SHIFT));
		SAME(high->max_prot, REGION_READ);
		SAME(region_object_index(high, 0x10F123), 7 + 15);
		CHECK(region_find(&list, cut - 1) == low && region_find(&list, cut) == high);
		CHECK(region_next(&list, low) == high && !region_next(&list, high));
		/* from either side they are one again */
		low = region_merge(&list, cut & 0x1000 ? low : high);
		SAME(list.count, 1);
		SAME(low->start, 0x100000);
		SAME(low->end, 0x110000);
		SAME(obj.refs, 2);
	}
	copy = region_create_copy(low);
	region_free_unused(copy);
	region_free_unused(NULL);
	SAME(obj.refs, 2);
	region_remove(&list, low);
	SAME(obj.refs, 1);
	memobj_unref(&obj);
	SAME(destroyed, 1);
}

/* Neighbours that differ in anything stay apart. */
static void test_no_merge(void)
{
	struct memobj *objs[2] = { &obj, NULL };

	host_memory(1, 1024);
	region_list_init(&list);
	memobj_init(&obj, &ops, 1000, NULL);
	for (u32 kind = 0; kind < 7; kind++) {
		struct region *low = add(0x100000, 0x102000, REGION_READ, 0, &obj, 10);
		struct region *high = add(kind == 0 ? 0x103000 : 0x102000, 0x104000,
					  kind == 1 ? REGION_WRITE : REGION_READ,
					  kind == 2 ? REGION_SHARED : 0, objs[kind == 3], kind == 4 ? 13 : 12);

		if (kind == 5)
			high->max_prot = REGION_READ;
		region_merge(&list, low);
		if (kind < 6)
			region_merge(&list, high);
		SAME(list.count, kind < 6 ? 2 : 1);
		while (list.count)
			region_remove(&list, region_find_from(&list, 0));
	}
	SAME(obj.refs, 1);
}

/* Three in a row, the middle one changed to what both others are. */
static void test_merge_both_sides(void)
{
	host_memory(1, 1024);
	region_list_init(&list);
	add(0x100000, 0x102000, REGION_READ, 0, NULL, 0);
	add(0x104000, 0x106000, REGION_READ, 0, NULL, 0);
	region_merge(&list, add(0x102000, 0x104000, REGION_READ, 0, NULL, 0));
	SAME(list.count, 1);
	SAME(region_find(&list, 0x103000)->start, 0x100000);
	SAME(region_find(&list, 0x103000)->end, 0x106000);
}

static void test_misuse(void)
{
	struct region *r;

	host_memory(1, 1024);
	region_list_init(&list);
	r = add(0x100000, 0x102000, REGION_READ, 0, NULL, 0);
	PANICS("after->start", add(0x101000, 0x103000, REGION_READ, 0, NULL, 0));
	PANICS("after->start", add(0xFF000, 0x101000, REGION_READ, 0, NULL, 0));
	PANICS("after->start", add(0xF0000, 0x200000, REGION_READ, 0, NULL, 0));
	PANICS("PAGE_MASK", add(0x200001, 0x201000, REGION_READ, 0, NULL, 0));
	PANICS("start", add(0x200000, 0x200000, REGION_READ, 0, NULL, 0));
	PANICS("start", region_split(&list, r, 0x100000, r));
	PANICS("start", region_split(&list, r, 0x102000, r));
	PANICS("link", region_free_unused(r));
}

/* --- at random ----------------------------------------------------------------------------------------------------- */

#define PAGES 256u
#define BASE 0x400000u

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

/* A part at an end is cut off where it is, and what continues a region is added to it: no region is made for either. */
static void test_cut_and_add(void)
{
	struct region wanted = { .prot = REGION_READ, .max_prot = 7, .obj = &obj };
	struct region *r;

	host_memory(1, 1024);
	region_list_init(&list);
	memobj_init(&obj, &ops, 1000, NULL);
	r = add(0x100000, 0x108000, REGION_READ, 0, &obj, 10);
	region_cut(&list, r, 0x106000, 0x108000);
	region_cut(&list, r, 0x100000, 0x102000);
	CHECK(region_find(&list, 0x102000) == r && r->end == 0x106000);
	SAME(r->obj_index, 12);
	wanted.start = 0x106000;
	wanted.end = 0x107000;
	wanted.obj_index = 16;
	CHECK(region_add(&list, &wanted) && region_find(&list, 0x106000) == r);
	wanted.start = 0x108000;
	wanted.end = 0x109000;
	wanted.obj_index = 18;
	CHECK(region_add(&list, &wanted));
	SAME(list.count, 2);
	wanted.start = 0x107000;
	wanted.end = 0x108000;
	wanted.obj_index = 17;
	CHECK(region_add(&list, &wanted));
	SAME(list.count, 1);
	SAME(r->end, 0x109000);
	PANICS("start", region_cut(&list, r, 0x103000, 0x104000));
	region_cut(&list, r, 0x102000, 0x109000);
	SAME(list.count, 0);
	SAME(obj.refs, 1);
}

/* --- very many ----------------------------------------------------------------------------------------------------- */

/* Most trees degenerate when their members come in order. */
static void test_height(void)
{
	u32 n = 5000;

	host_memory(1, 1024);
	for (u32 way = 0; way < 3; way++) {
		region_list_init(&list);
		for (u32 i = 0; i < n; i++) {
			u32 place = way == 0 ? i : way == 1 ? n - 1 - i : i * 7919 % n;

			add(0x10000 + place * 0x2000, 0x11000 + place * 0x2000, REGION_READ, 0, NULL, 0);
		}
		check_sorted();
		CHECK(list.root->height <= 17); /* 1.44 * log2(5000) */
		for (u32 i = 0; i < n / 2; i++)
			region_remove(&list, region_find(&list, 0x10000 + (way == 0 ? i : i * 7919 % n) * 0x2000));
		check_sorted();
		CHECK(list.root->height <= 16);
		while (list.count)
			region_remove(&list, region_find_from(&list, 0));
	}
}

/* A wrong tree is noticed. */
static void test_checker(void)
{
	struct region *r;

	host_memory(1, 1024);
	region_list_init(&list);
	for (u32 i = 0; i < 40; i++)
		add(0x10000 + i * 0x4000, 0x11000 + i * 0x4000, REGION_READ, 0, NULL, 0);
	r = list.root;
	PANICS("wrong largest hole", (r->largest_hole += PAGE_SIZE, region_tree_check(&list)));
	PANICS("height", (r->height++, region_tree_check(&list)));
	PANICS("out of order", (r->left->start = r->end, region_tree_check(&list)));
	region_grow_down(&list, r, r->start - PAGE_SIZE);
	SAME(region_tree_check(&list), 40);
}

const struct host_test region_tests[] = {
	{ "a hundred", test_hundred },
	{ "split and merge", test_split_and_merge },
	{ "no merge", test_no_merge },
	{ "merge on both sides", test_merge_both_sides },
	{ "misuse", test_misuse },
	{ "cut and add", test_cut_and_add },
	{ "random", test_random },
	{ "height", test_height },
	{ "checker", test_checker },
	{ NULL, NULL },
};
