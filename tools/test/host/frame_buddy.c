/* The buddy allocator: after each step the free blocks are those that the frame table says there must be. */
#include "frames.h"
#include "mm/frame_buddy.h"

#define MAX_ORDER 10
#define ORDERS (MAX_ORDER + 1)

/* => the number of free blocks of each order, counted in the frame table; checks the structure on the way */
static void count_blocks(u32 *blocks)
{
	u32 i = 0, free = 0;

	frame_blocks(0); /* joins loose frames */
	memset(blocks, 0, ORDERS * sizeof(*blocks));
	while (i < frame_total()) {
		struct frame *f = frame_at(i);
		u32 size = f->state == FRAME_RESERVED ? 1 : 1u << f->order;

		CHECK(f->state == FRAME_RESERVED || f->order <= MAX_ORDER);
		SAME(f->state == FRAME_RESERVED ? 0 : i % size, 0);
		for (u32 j = 1; j < size; j++) {
			SAME(f[j].state, f->state);
			SAME(f[j].order, 0xFF);
		}
		if (f->state == FRAME_FREE) {
			u32 buddy = i ^ size;

			CHECK(!list_empty(&f->link));
			blocks[f->order]++;
			free += size;
			/* two free buddies would have been joined */
			CHECK(f->order == MAX_ORDER || buddy >= frame_total() ||
			      frame_at(buddy)->state != FRAME_FREE || frame_at(buddy)->order != f->order);
		}
		i += size;
	}
	SAME(free, frame_count(FRAME_FREE));
	for (u32 o = 0; o < ORDERS; o++)
		SAME(frame_blocks(o), blocks[o]);
}

static void check_blocks(const u32 *wanted)
{
	u32 blocks[ORDERS];

	count_blocks(blocks);
	for (u32 o = 0; o < ORDERS; o++)
		if (blocks[o] != wanted[o])
			host_fail(__FILE__, __LINE__, "%u free blocks of order %u, not %u", blocks[o], o, wanted[o]);
}

static void test_add(void)
{
	/* what lies between two borders splits into blocks in only one way */
	static const struct {
		u32 first, total, wanted[ORDERS];
	} table[] = {
		{ 0, 1024, { [10] = 1 } },
		{ 1, 1024, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 } },
		{ 512, 1024, { [9] = 1 } },
		{ 0, 1023, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 } },
		{ 1023, 1025, { [0] = 2 } },
		{ 5, 13, { 2, 1, 1 } },
		{ 0, 3072, { [10] = 3 } },
		{ 1000, 3000, { [3] = 2, [4] = 2, [5] = 1, [7] = 1, [8] = 1, [9] = 1, [10] = 1 } },
	};

	for (u32 i = 0; i < ARRAY_LEN(table); i++) {
		host_memory(table[i].first, table[i].total);
		check_blocks(table[i].wanted);
		SAME(frame_count(FRAME_FREE), table[i].total - table[i].first);
		SAME(frame_count(FRAME_RESERVED), table[i].first);
	}
}

static void test_split_and_merge(void)
{
	static const u32 whole[ORDERS] = { [10] = 1 };
	static const u32 split[ORDERS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 };

	host_memory(0, ALL);
	for (u32 order = 0; order <= MAX_ORDER; order++) {
		struct frame *f = frame_alloc(FRAME_KERNEL, order, FRAME_FOR_DAEMON);
		u32 wanted[ORDERS] = { 0 };

		for (u32 o = order; o < MAX_ORDER; o++)
			wanted[o] = 1;
		CHECK(f);
		check_blocks(wanted);
		SAME(frame_index(f) % (1u << order), 0);
		SAME(frame_count(FRAME_KERNEL), 1u << order);
		frame_free(f);
		check_blocks(whole);
	}

	/* all but one come back: one block of each size; then the last one, and they join */
	struct frame *kept[ALL];

	for (u32 i = 0; i < ALL; i++)
		kept[i] = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON);
	for (u32 i = 1; i < ALL; i++)
		frame_free(kept[i]);
	check_blocks(split);
	frame_free(kept[0]);
	check_blocks(whole);
}

/* Every second frame free: nothing can join, and no block of two is to be had. */
static void test_fragmented(void)
{
	static const u32 whole[ORDERS] = { [10] = 1 }, singles[ORDERS] = { [0] = ALL / 2 };

	host_memory(0, ALL);
	for (u32 i = 0; i < ALL; i++)
		CHECK(frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON));
	for (u32 i = 0; i < ALL; i += 2)
		frame_free(frame_at(i));
	check_blocks(singles);
	CHECK(!frame_alloc(FRAME_KERNEL, 1, FRAME_FOR_DAEMON));
	for (u32 i = 1; i < ALL; i += 2)
		frame_free(frame_at(i));
	check_blocks(whole);
}

/* What lies behind the frame table is no buddy, whatever it looks like. */
static void test_end(void)
{
	enum { ORDER = 3, COUNT = ALL + (1 << ORDER) };
	static const u32 wanted[ORDERS] = { [ORDER] = 1, [MAX_ORDER] = 1 };
	struct frame *last, *behind;

	host_memory(0, COUNT);
	last = frame_alloc(FRAME_KERNEL, ORDER, FRAME_FOR_DAEMON);
	CHECK(last == frame_at(ALL));
	behind = &frame_table[COUNT];
	behind->state = FRAME_FREE;
	behind->order = ORDER;
	list_init(&behind->link);
	frame_free(last);
	check_blocks(wanted);
}

/* Single frames that are freed are taken again, the last one first, and are not joined in between. */
static void test_loose(void)
{
	struct frame *pair[2];

	host_memory(0, ALL);
	for (u32 i = 0; i < 2; i++)
		pair[i] = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON);
	for (u32 round = 0; round < 2; round++) {
		frame_free(pair[0]);
		frame_free(pair[1]);
		CHECK(frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON) == pair[1]);
		CHECK(frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON) == pair[0]);
	}
	for (u32 i = 0; i < 2; i++)
		frame_free(pair[i]);
	for (u32 i = 2; i-- > 0;)
		CHECK(frame_buddy_take(FRAME_KERNEL, 0) == pair[i]); /* as frame_alloc() calls it when few are free */
	frame_free(pair[1]);
	frame_free(pair[0]);
	CHECK(frame_alloc(FRAME_KERNEL, MAX_ORDER, FRAME_FOR_DAEMON)); /* joined, since the block is needed */
}

static void test_exhaustion(void)
{
	u32 order_of_freeing[ALL], blocks[ORDERS], before[ORDERS];

	host_memory(3, ALL);
	count_blocks(before);
	for (u32 round = 0; round < 100; round++) {
		u32 n = 0;

		while (frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON))
			n++;
		SAME(n, ALL - 3);
		SAME(frame_count(FRAME_FREE), 0);
		for (u32 o = 0; o <= MAX_ORDER; o++)
			CHECK(!frame_alloc(FRAME_KERNEL, o, FRAME_FOR_DAEMON));
		for (u32 i = 0; i < n; i++)
			order_of_freeing[i] = i + 3;
		host_shuffle(order_of_freeing, n);
		for (u32 i = 0; i < n; i++)
			frame_free(frame_at(order_of_freeing[i]));
		count_blocks(blocks);
		CHECK(memcmp(blocks, before, sizeof(blocks)) == 0);
	}
}

/* A million operations against a table of the owners; each block is filled with its owner's number. */
static void test_random(void)
{
	static struct {
		struct frame *block;
		u32 order, stamp;
	} owned[400];
	u32 blocks[ORDERS], total_owned = 0, n = 0, rounds = host_rounds(1000000);

	host_memory(7, 3000);
	for (u32 i = 0; i < rounds; i++) {
		u32 k = host_random(ARRAY_LEN(owned));

		if (owned[k].block) {
			u32 *last = (u32 *)frame_ptr(owned[k].block) + ((PAGE_SIZE << owned[k].order) / 4 - 1);

			SAME(*(u32 *)frame_ptr(owned[k].block), owned[k].stamp);
			SAME(*last, owned[k].stamp);
			frame_free(owned[k].block);
			owned[k].block = NULL;
			total_owned -= 1u << owned[k].order;
		} else {
			u32 order = host_random(8) ? host_random(4) : host_random(ORDERS);

			owned[k].order = order;
			owned[k].block = frame_alloc(FRAME_KERNEL, order, FRAME_FOR_DAEMON);
			if (!owned[k].block) {
				CHECK(order > 0 || frame_count(FRAME_FREE) == 0);
				continue;
			}
			owned[k].stamp = ++n;
			*(u32 *)frame_ptr(owned[k].block) = n;
			((u32 *)frame_ptr(owned[k].block))[(PAGE_SIZE << order) / 4 - 1] = n;
			total_owned += 1u << order;
		}
		SAME(frame_count(FRAME_KERNEL), total_owned);
		SAME(frame_count(FRAME_FREE), 3000 - 7 - total_owned);
		if (i % 1000 == 0)
			count_blocks(blocks);
	}
}

const struct host_test frame_buddy_tests[] = {
	{ "add", test_add },
	{ "split and merge", test_split_and_merge },
	{ "fragmented", test_fragmented },
	{ "end", test_end },
	{ "loose", test_loose },
	{ "exhaustion", test_exhaustion },
	{ "random", test_random },
	{ NULL, NULL },
};
