/* Reclaim: the order in which the victims of a batch get their slots. */
#include "mm/reclaim.h"

#include "mm/anon.h"
#include "mm/rmap.h"
#include "mm/slot.h"
#include "pagetables.h"

#define PAGES 10u /* of each space */

static struct anon *page[2][PAGES];

/* Makes a page of each space, by turns, in a mixed order of addresses, and evicts all together. */
static void evict_mixed(void)
{
	struct pagetable *spaces[] = { &a, &b };

	start();
	host_swap(101);
	CHECK(pagetable_ensure(&a, VA) && pagetable_ensure(&b, VA));
	for (u32 i = 0; i < 2 * PAGES; i++) {
		struct pagetable *pt = spaces[i % 2];
		u32 n = i / 2 * 7 % PAGES;
		vaddr_t va = VA + n * PAGE_SIZE;
		struct frame *f = frame_alloc_zeroed(FRAME_ANON, 0, FRAME_FOR_FAULT);

		page[i % 2][n] = anon_create(f);
		rmap_map(pt, va, pagetable_entry(pt, va), f, true);
	}
	SAME(reclaim(NULL, 2 * PAGES, RECLAIM_DAEMON), 2 * PAGES);
	host_disk_finish_all();
}

/* Pages of a space lie together, in the order of their addresses. */
static void test_sorted(void)
{
	evict_mixed();
	for (u32 i = 0; i < 2; i++)
		for (u32 n = 0; n < PAGES; n++)
			SAME(page[i][n]->slot, page[i][0]->slot + n);
}

/* In exact mode the order is that in which the policy chose them. */
static void test_exact(void)
{
	reclaim_set_exact(true);
	evict_mixed();
	for (u32 i = 0; i < 2 * PAGES; i++)
		SAME(page[i % 2][i / 2 * 7 % PAGES]->slot, page[0][0]->slot + i);
}

const struct host_test reclaim_tests[] = {
	{ "sorted", test_sorted },
	{ "exact", test_exact },
	{ NULL, NULL },
};
