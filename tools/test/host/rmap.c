/* The reverse map: the entries that map a frame, and their accessed and dirty bits. */
#include "pagetables.h"
#include "mm/rmap.h"

/* A million changes of mappings; each frame's list is compared with a plain table. */
static void test_random(void)
{
	enum { PLACES = 200, FRAMES = 12 };
	struct pagetable *spaces[] = { &a, &b };
	static struct frame *frame[FRAMES];
	static u32 mapped[2][PLACES], count[FRAMES];
	u32 rounds = host_rounds(1000000);

	start();
	for (u32 i = 0; i < FRAMES; i++)
		frame[i] = new_frame(i);
	for (u32 t = 0; t < 2; t++)
		CHECK(pagetable_ensure(spaces[t], VA));
	for (u32 i = 0; i < rounds; i++) {
		u32 t = host_random(2), p = host_random(PLACES), k = host_random(FRAMES);
		vaddr_t va = VA + p * PAGE_SIZE;

		if (host_random(500) == 0) {
			SAME(rmap_unmap_all(frame[k]), count[k]);
			for (u32 n = 0; n < 2 * PLACES; n++)
				if (mapped[n / PLACES][n % PLACES] == k + 1)
					mapped[n / PLACES][n % PLACES] = 0;
			count[k] = 0;
		} else if (mapped[t][p]) {
			rmap_unmap(spaces[t], va);
			SAME(pagetable_get(spaces[t], va), 0);
			count[mapped[t][p] - 1]--;
			mapped[t][p] = 0;
		} else {
			rmap_map(spaces[t], va, pagetable_entry(spaces[t], va), frame[k], host_random(2));
			mapped[t][p] = k + 1;
			count[k]++;
		}
		SAME(rmap_count(frame[k]), count[k]);
		if (i % 256)
			continue;
		for (t = 0; t < 2; t++) {
			bool has = false;

			for (p = 0; p < PLACES; p++)
				has |= mapped[t][p] == k + 1;
			SAME(rmap_mapped_by(frame[k], spaces[t]), has);
		}
	}
}

/* Accessed and dirty bits of any mapper count; what an entry knew is kept when it goes. */
static void test_bits(void)
{
	struct frame *f;

	start();
	f = new_frame(1);
	CHECK(pagetable_ensure(&a, VA) && pagetable_ensure(&b, VA));
	rmap_map(&a, VA, pagetable_entry(&a, VA), f, true);
	rmap_map(&b, VA, pagetable_entry(&b, VA), f, true);
	rmap_map(&b, VA + PAGE_SIZE, pagetable_entry(&b, VA + PAGE_SIZE), f, false);
	CHECK(!rmap_accessed(f) && !rmap_dirty(f));
	cpu_set_cr3(b.cr3);
	load(VA + PAGE_SIZE);
	CHECK(rmap_accessed(f) && !rmap_dirty(f));
	rmap_clear_accessed(f);
	CHECK(!rmap_accessed(f));
	CHECK(store(VA, 2));
	CHECK(rmap_dirty(f) && rmap_harvest_dirty(f) && (f->flags & FRAME_DIRTY));
	f->flags &= ~FRAME_DIRTY;
	CHECK(!rmap_dirty(f));
	CHECK(store(VA, 3)); /* the TLB entry was flushed, so the bit is set again */
	rmap_unmap(&b, VA);
	CHECK(f->flags & FRAME_DIRTY);
	rmap_write_protect_all(f);
	CHECK(!(pagetable_get(&a, VA) & PTE_W));
	cpu_set_cr3(a.cr3);
	CHECK(!store(VA, 4));
	rmap_unmap(&a, VA);
	rmap_map(&a, VA, pagetable_entry(&a, VA), f, true);
	CHECK(store(VA, 5)); /* now the TLB knows it as writable */
	rmap_write_protect_all(f);
	CHECK(!store(VA, 6));
	SAME(rmap_unmap_all(f), 2);
	SAME(load(VA), 0);

	rmap_map_zero(&a, VA, pagetable_entry(&a, VA));
	SAME(load(VA), 0);
	CHECK(!store(VA, 1) && !rmap_zero_frame->maps);
	rmap_unmap(&a, VA);
	rmap_unmap(&a, VA);
}

/* A store is refused from the moment on that the page is shared, though the TLB knew it as writable. */
static void test_write_protect(void)
{
	struct frame *f;

	start();
	f = new_frame(1);
	CHECK(pagetable_ensure(&a, VA));
	rmap_map(&a, VA, pagetable_entry(&a, VA), f, true);
	CHECK(store(VA, 2));
	pagetable_write_protect(&a, VA, VA + PAGE_SIZE);
	CHECK(!store(VA, 3));
	SAME(load(VA), 2);
	pagetable_write_protect(&a, VA, VA + PAGE_SIZE);
	pagetable_write_protect(&a, VA + PAGE_SIZE, VA + 2 * PAGE_SIZE); /* nothing there: harmless */
}

const struct host_test rmap_tests[] = {
	{ "random", test_random },
	{ "bits", test_bits },
	{ "write-protect", test_write_protect },
	{ NULL, NULL },
};
