/* Self-checks of what hands memory out: frames, heap, regions. */
#include "kernel/base/list.h"
#include "kernel/base/string.h"
#include "kernel/selftest/selftest.h"
#include "mm/mm.h"

#define LARGEST 10 /* order */

/* --- frames -------------------------------------------------------------------------------------------------------- */

static void give_back(struct list *chain)
{
	struct list *link;

	while ((link = list_pop_front(chain)))
		frame_free(list_entry(link, struct frame, link));
}

/* Everything, to the last frame; each frame knows its own number. => how many there were */
static u32 take_all_frames(struct list *chain)
{
	struct frame *f;
	u32 n = 0;

	while ((f = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON))) {
		*(u32 *)frame_ptr(f) = frame_index(f);
		list_push_back(chain, &f->link);
		n++;
	}
	list_for_each(f, chain, link)
		EXPECT(*(u32 *)frame_ptr(f) == frame_index(f));
	return n;
}

void selftest_frames(void)
{
	u32 free = frame_count(FRAME_FREE), large = frame_blocks(LARGEST);
	struct list chain = LIST_INIT(chain);

	for (u32 order = 0; order <= LARGEST; order++) {
		struct frame *f = frame_alloc(FRAME_KERNEL, order, FRAME_FOR_KERNEL);

		if (!f)
			continue; /* a small machine has no large blocks */
		EXPECT(frame_index(f) % (1u << order) == 0);
		EXPECT(free - frame_count(FRAME_FREE) == 1u << order);
		frame_free(f);
	}
	EXPECT(frame_blocks(LARGEST) == large);
	for (u32 round = 0; round < 3; round++) {
		EXPECT(take_all_frames(&chain) == free);
		EXPECT(frame_count(FRAME_FREE) == 0);
		EXPECT(!frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON));
		give_back(&chain);
		EXPECT(frame_count(FRAME_FREE) == free);
	}
	EXPECT(frame_blocks(LARGEST) == large);
}

/* --- heap ---------------------------------------------------------------------------------------------------------- */

/* Two blocks of SIZE do not touch each other, and hold what was put there. */
static void check_size(u32 size)
{
	char *p = kmalloc(size), *q = kzalloc(size);

	if (!EXPECT(p && q && p != q))
		return;
	memset(p, 0x5B, size);
	EXPECT(q[0] == 0 && q[size - 1] == 0);
	memset(q, 0x7C, size);
	EXPECT(p[0] == 0x5B && p[size - 1] == 0x5B);
	EXPECT((uintptr_t)p % 16 == 0);
	kfree(p);
	kfree(q);
}

void selftest_heap(void)
{
	struct list chain = LIST_INIT(chain), *link;
	u32 used = kmalloc_bytes_used();

	for (u32 size = 1; size < 3 * PAGE_SIZE; size += size < 300 ? 1 : 61)
		check_size(size);
	for (u32 i = 0; i < 1000; i++) {
		link = kmalloc(16 + i % 500);
		if (EXPECT(link))
			list_push_back(&chain, link);
	}
	EXPECT(kmalloc_bytes_used() > used + 1000 * 16);
	while ((link = list_pop_front(&chain)))
		kfree(link);
	EXPECT(kmalloc_bytes_used() == used);
	EXPECT(!kmalloc(0xFFFFFFFF) && !kmalloc(0x80000000));
}

/* --- regions ------------------------------------------------------------------------------------------------------- */

#define REGIONS 100u

static vaddr_t region_start(u32 i)
{
	return 0x100000 + i * 4 * PAGE_SIZE;
}

static void insert_regions(struct region_list *l)
{
	for (u32 i = 0; i < REGIONS; i++) {
		u32 n = i * 37 % REGIONS; /* out of order, each once */
		struct region *r = region_create(region_start(n), region_start(n) + 2 * PAGE_SIZE, REGION_READ,
						 n, NULL, 0);

		if (EXPECT(r))
			region_insert(l, r);
	}
}

static void check_edges(struct region_list *l, u32 i)
{
	vaddr_t start = region_start(i), end = start + 2 * PAGE_SIZE;
	struct region *r = region_find(l, start);

	if (!EXPECT(r && r->flags == i && r->start == start))
		return;
	EXPECT(region_find(l, end - 1) == r);
	EXPECT(!region_find(l, start - 1) && !region_find(l, end));
	EXPECT(region_find_from(l, start - 1) == r);
}

static void check_split_and_merge(struct region_list *l, u32 i)
{
	vaddr_t middle = region_start(i) + PAGE_SIZE;
	struct region *low = region_find(l, middle), *high = low ? region_create_copy(low) : NULL;

	if (!EXPECT(high))
		return;
	region_split(l, low, middle, high);
	EXPECT(region_find(l, middle - 1) == low && region_find(l, middle) == high);
	EXPECT(l->count == REGIONS + 1);
	EXPECT(region_merge(l, high)->start == region_start(i));
	EXPECT(l->count == REGIONS);
}

void selftest_regions(void)
{
	struct region_list l;

	region_list_init(&l);
	insert_regions(&l);
	EXPECT(l.count == REGIONS);
	for (u32 i = 0; i < REGIONS; i++)
		check_edges(&l, i);
	for (u32 i = 0; i < REGIONS; i++)
		check_split_and_merge(&l, i);
	while (l.count)
		region_remove(&l, region_find_from(&l, 0));
	EXPECT(list_empty(&l.head));
}
