/* Page tables, run by a model of the processor that has a TLB; their reverse-map records. */
#include "pagetables.h"
#include "kernel/base/cpu.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

static pte_t entry_of(const struct frame *f, u32 bits)
{
	return (frame_index(f) << PAGE_SHIFT) | PTE_P | PTE_U | bits;
}

/* Every change is seen by the very next access: the TLB is flushed each time, and only where it is needed. */
static void test_tlb(void)
{
	struct frame *f, *g;
	u32 flushed;

	start();
	f = new_frame(1);
	g = new_frame(2);
	flushed = vmstat.tlb_invlpg;
	CHECK(pagetable_ensure(&a, VA) && pagetable_ensure(&b, VA));
	SAME(load(VA), 0);
	pagetable_set(&a, VA, entry_of(f, PTE_W));
	SAME(vmstat.tlb_invlpg, flushed);
	SAME(load(VA), 1);
	pagetable_set(&a, VA, entry_of(g, PTE_W));
	SAME(vmstat.tlb_invlpg, flushed + 1);
	SAME(load(VA), 2);
	CHECK(store(VA, 3));
	SAME(pagetable_clear_bits(&a, VA, PTE_W, true) & (PTE_W | PTE_D | PTE_A), PTE_W | PTE_D | PTE_A);
	SAME(vmstat.tlb_invlpg, flushed + 2);
	CHECK(!store(VA, 4));
	SAME(load(VA), 3);
	CHECK(pagetable_clear_bits(&a, VA, PTE_D, true) & PTE_D);
	pagetable_set(&a, VA, entry_of(g, PTE_W));
	CHECK(store(VA, 5));
	CHECK(pagetable_get(&a, VA) & PTE_D);
	CHECK(pagetable_clear(&a, VA) & PTE_D);
	SAME(load(VA), 0);
	SAME(pagetable_clear(&a, VA), 0);

	/* a directory that is not loaded has nothing in the TLB */
	flushed = vmstat.tlb_invlpg;
	pagetable_set(&b, VA, entry_of(f, 0));
	pagetable_set(&b, VA, entry_of(g, 0));
	pagetable_clear(&b, VA);
	SAME(vmstat.tlb_invlpg, flushed);
}

/* How often one page, and all of the TLB, was flushed since the last call. */
static void check_told(u32 one, u32 all)
{
	static u32 ones, alls;

	SAME(vmstat.tlb_invlpg - ones, one);
	SAME(vmstat.tlb_flush - alls, all);
	ones = vmstat.tlb_invlpg;
	alls = vmstat.tlb_flush;
}

static void take_out(u32 from, u32 pages)
{
	for (u32 i = from; i < from + pages; i++)
		SAME(load(VA + i * PAGE_SIZE), 1); /* all are cached */
	pagetable_batch_begin(&a);
	for (u32 i = from; i < from + pages; i++)
		pagetable_clear(&a, VA + i * PAGE_SIZE);
	SAME(load(VA + (from + pages - 1) * PAGE_SIZE), pages > 33); /* the 34th is not flushed yet */
	pagetable_batch_end(&a);
	for (u32 i = from; i < from + pages; i++)
		SAME(load(VA + i * PAGE_SIZE), 0);
}

/* More rights need no flush; rights that are taken do, page by page or all at once. */
static void test_tlb_many(void)
{
	enum { PAGES = 100, FEW = 33, MANY = 34 };
	struct frame *f;

	start();
	f = new_frame(1);
	CHECK(pagetable_ensure(&a, VA));
	for (u32 i = 0; i < PAGES; i++) {
		pagetable_set(&a, VA + i * PAGE_SIZE, entry_of(f, 0));
		SAME(load(VA + i * PAGE_SIZE), 1);
	}
	check_told(vmstat.tlb_invlpg, vmstat.tlb_flush);
	for (u32 i = 0; i < PAGES; i++) {
		pagetable_set(&a, VA + i * PAGE_SIZE, pagetable_get(&a, VA + i * PAGE_SIZE) | PTE_W);
		CHECK(store(VA + i * PAGE_SIZE, 1) || store(VA + i * PAGE_SIZE, 1));
	}
	check_told(0, 0);
	pagetable_write_protect(&a, VA, VA + FEW * PAGE_SIZE);
	check_told(0, 1);
	pagetable_write_protect(&a, VA, VA + PAGES * PAGE_SIZE);
	check_told(0, 1);
	pagetable_write_protect(&a, VA, VA + PAGES * PAGE_SIZE);
	check_told(0, 0);
	for (u32 i = 0; i < PAGES; i++)
		CHECK(load(VA + i * PAGE_SIZE) == 1 && !store(VA + i * PAGE_SIZE, 2));
	take_out(0, FEW);
	check_told(FEW, 0);
	take_out(FEW, MANY);
	check_told(FEW, 1);
	pagetable_batch_begin(&a);
	pagetable_batch_end(&a);
	check_told(0, 0);
	PANICS("batching", pagetable_batch_end(&a));
}

static void test_kernel_part(void)
{
	u32 error, *word;
	struct frame *f, *stack;

	start();
	f = new_frame(77);
	word = host_access(KERNEL_BASE + frame_index(f) * PAGE_SIZE, false, false, &error);
	CHECK(word || frame_index(f) >= 1024); /* the model knows no 4 MiB pages */
	CHECK(!host_access(KERNEL_BASE + frame_index(f) * PAGE_SIZE, false, true, &error));
	SAME(error, PF_PRESENT | PF_USER);
	stack = new_frame(88);
	pagetable_map_kernel(KSTACK_BASE + PAGE_SIZE, stack);
	word = host_access(KSTACK_BASE + PAGE_SIZE, true, false, &error);
	CHECK(word && *word == 88);
	CHECK(!host_access(KSTACK_BASE, true, false, &error));
	PANICS("kernel_entry", pagetable_map_kernel(KSTACK_BASE + PAGE_SIZE, stack));
	CHECK(pagetable_unmap_kernel(KSTACK_BASE + PAGE_SIZE) == stack);
	CHECK(!host_access(KSTACK_BASE + PAGE_SIZE, false, false, &error));
	PANICS("PTE_P", CHECK(pagetable_unmap_kernel(KSTACK_BASE + PAGE_SIZE)));
}

/* From a record back to its table and address, for every entry of three tables of two spaces; no two share one. */
static void test_records(void)
{
	static const vaddr_t tables[] = { 0x00000000, VA, USER_END - LARGE_PAGE_SIZE };
	struct pagetable *spaces[] = { &a, &b };
	static struct rmap *seen[2 * 3 * 1024];
	u32 n = 0;

	start();
	for (u32 s = 0; s < 2; s++)
		for (u32 t = 0; t < ARRAY_LEN(tables); t++) {
			CHECK(!pagetable_rmap(spaces[s], tables[t] + 5 * PAGE_SIZE));
			CHECK(pagetable_ensure(spaces[s], tables[t] + 7 * PAGE_SIZE));
			for (u32 i = 0; i < 1024; i++) {
				vaddr_t va = tables[t] + i * PAGE_SIZE, back;
				struct rmap *r = pagetable_rmap(spaces[s], va);

				CHECK(r && pagetable_of_rmap(r, &back) == spaces[s]);
				SAME(back, va);
				r->link = &seen[n]; /* an equal record would be marked anew */
				seen[n++] = r;
			}
		}
	for (u32 i = 0; i < n; i++)
		CHECK(seen[i]->link == &seen[i]);
	SAME(a.tables, 3);
}

/* Without memory a table is not made by half: what was taken for it is given back, whichever frame is missing. */
static void test_no_memory(void)
{
	struct frame *hoard[2048];
	u32 n = 0;

	start();
	while ((hoard[n] = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_FAULT)))
		n++;
	for (u32 free = 0;; free++) {
		u32 before = frame_count(FRAME_FREE);

		if (pagetable_ensure(&a, VA))
			break;
		SAME(frame_count(FRAME_FREE), before);
		SAME(a.tables, 0);
		SAME(pagetable_get(&a, VA), 0);
		CHECK(free < 10);
		frame_free(hoard[--n]);
	}
	SAME(a.tables, 1);
	while (n)
		frame_free(hoard[--n]);
}

static void test_free_range(void)
{
	u32 free;

	start();
	free = frame_count(FRAME_FREE);
	for (u32 i = 0; i < 8; i++)
		CHECK(pagetable_ensure(&a, VA + i * LARGE_PAGE_SIZE));
	pagetable_free_range(&a, VA + LARGE_PAGE_SIZE, VA + 3 * LARGE_PAGE_SIZE);
	SAME(a.tables, 6);
	CHECK(pagetable_rmap(&a, VA) && !pagetable_rmap(&a, VA + LARGE_PAGE_SIZE) &&
	      !pagetable_rmap(&a, VA + 2 * LARGE_PAGE_SIZE) && pagetable_rmap(&a, VA + 3 * LARGE_PAGE_SIZE));
	pagetable_free_range(&a, 0, USER_END);
	SAME(a.tables, 0);
	SAME(frame_count(FRAME_FREE), free);
	for (u32 i = 0; i < 8; i++)
		CHECK(pagetable_ensure(&a, VA + i * LARGE_PAGE_SIZE));
	PANICS("tables", pagetable_destroy(&a));
	cpu_set_cr3(a.cr3);
	pagetable_free_range(&a, 0, USER_END);
	pagetable_destroy(&a);
	SAME(cpu_cr3(), pagetable_kernel.cr3); /* never left on a directory that is gone */
	SAME(frame_count(FRAME_FREE), free + 1);
	pagetable_destroy(&b);
	SAME(frame_count(FRAME_FREE), free + 2);
}

static void test_misuse(void)
{
	struct frame *f;

	start();
	f = new_frame(1);
	PANICS("USER_END", CHECK(pagetable_ensure(&a, KERNEL_BASE)));
	PANICS("USER_END", pagetable_get(&a, 0xFFFFFFFF));
	PANICS("entry", pagetable_set(&a, VA, entry_of(f, 0)));
	CHECK(pagetable_ensure(&a, VA));
	PANICS("PTE_P", pagetable_set(&a, VA, 0));
	PANICS("PTE_P", pagetable_clear_bits(&a, VA, PTE_W, true));
	pagetable_set(&a, VA, entry_of(f, 0));
	PANICS("resident", pagetable_destroy(&a));
	rmap_map(&a, VA + PAGE_SIZE, pagetable_entry(&a, VA + PAGE_SIZE), f, true);
	PANICS("*entry", rmap_map(&a, VA + PAGE_SIZE, pagetable_entry(&a, VA + PAGE_SIZE), f, true));
	f->flags |= FRAME_BUSY;
	PANICS("BUSY", rmap_map(&a, VA + 2 * PAGE_SIZE, pagetable_entry(&a, VA + 2 * PAGE_SIZE), f, true));
}

/* A million changes of entries in two spaces, each checked against an array, and through the model's TLB. */
static void test_random(void)
{
	enum { PLACES = 3000, FRAMES = 50 };
	struct pagetable *spaces[] = { &a, &b };
	static struct frame *frame[FRAMES];
	static u32 mapped[2][PLACES]; /* number of the frame + 1 */
	u32 resident[2] = { 0 }, s = 0, rounds = host_rounds(1000000);

	start();
	for (u32 i = 0; i < FRAMES; i++)
		frame[i] = new_frame(i + 1);
	for (u32 i = 0; i < 2; i++)
		for (u32 p = 0; p < PLACES; p += 512)
			CHECK(pagetable_ensure(spaces[i], VA + p * PAGE_SIZE));
	for (u32 i = 0; i < rounds; i++) {
		u32 t = host_random(2), p = host_random(host_random(4) ? 40 : PLACES), k = host_random(FRAMES), end;
		vaddr_t va = VA + p * PAGE_SIZE, next;

		switch (host_random(5)) {
		case 0:
			pagetable_set(spaces[t], va, entry_of(frame[k], 0));
			resident[t] += !mapped[t][p];
			mapped[t][p] = k + 1;
			break;
		case 1:
			SAME(pagetable_clear(spaces[t], va) >> PAGE_SHIFT,
			     mapped[t][p] ? frame_index(frame[mapped[t][p] - 1]) : 0);
			resident[t] -= !!mapped[t][p];
			mapped[t][p] = 0;
			break;
		case 2:
			end = p + 1 + host_random(PLACES - p);
			next = pagetable_next(spaces[t], va, VA + end * PAGE_SIZE);
			while (p < end && !mapped[t][p])
				p++;
			SAME(next, VA + p * PAGE_SIZE);
			break;
		case 3:
			if (host_random(10) == 0)
				cpu_set_cr3(spaces[s = t]->cr3);
			/* fall through */
		default:
			SAME(load(va), mapped[s][p]);
		}
		SAME(spaces[t]->resident, resident[t]);
	}
}

const struct host_test pagetable_tests[] = {
	{ "TLB", test_tlb },
	{ "TLB, many pages at once", test_tlb_many },
	{ "kernel's part", test_kernel_part },
	{ "records", test_records },
	{ "no memory", test_no_memory },
	{ "free range", test_free_range },
	{ "misuse", test_misuse },
	{ "random", test_random },
	{ NULL, NULL },
};
