/* The sorted list of regions: each operation with all its cases, and the tree that a long list has. */
#include "mm/kmalloc.h"
#include "regions.h"

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

static u32 destroyed;

static void destroy(struct memobj *o)
{
	(void)o;
	destroyed++;
}

static const struct memobj_ops ops = { .name = "test", .destroy = destroy };

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

/* --- the tree ------------------------------------------------------------------------------------------------------ */

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
	{ "height", test_height },
	{ "checker", test_checker },
	{ NULL, NULL },
};
