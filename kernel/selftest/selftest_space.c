/*
 * Self-checks of address spaces on the real paging hardware: page tables and TLB, reverse map, the way to swap and
 * back, the invariants.
 *
 * The tests of tables set entries without regions behind them, which vmcheck would rightly call wrong; so it does not
 * look as long as they run.
 */
#include "kernel/base/string.h"
#include "kernel/selftest/selftest.h"
#include "kernel/task/task.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/frame_wait.h"
#include "mm/mm.h"
#include "mm/pte.h"
#include "mm/reclaim.h"
#include "mm/rmap.h"
#include "mm/slot.h"
#include "mm/vmcheck.h"

#define VA 0x10000000u
#define SPACES 5u
#define PLACES 3u
#define PAGES 48u

static u32 *word_at(vaddr_t va)
{
	return (u32 *)(uintptr_t)va;
}

static u32 selftest_space_load(vaddr_t va)
{
	return *(volatile u32 *)word_at(va);
}

static struct frame *new_frame(u32 value)
{
	struct frame *f = frame_alloc_zeroed(FRAME_KERNEL, 0, FRAME_FOR_KERNEL);

	if (EXPECT(f))
		*(u32 *)frame_ptr(f) = value;
	return f;
}

static pte_t entry_of(const struct frame *f)
{
	return (frame_index(f) << PAGE_SHIFT) | PTE_P | PTE_W | PTE_U;
}

/* --- page tables: every change is seen by the very next access ----------------------------------------------------- */

static void check_map_and_remap(struct pagetable *pt, struct frame *a, struct frame *b)
{
	u32 before = vmstat.tlb_invlpg;

	EXPECT(pagetable_ensure(pt, VA) && pagetable_get(pt, VA) == 0);
	pagetable_set(pt, VA, entry_of(a));
	EXPECT(vmstat.tlb_invlpg == before); /* what is not present is never in the TLB */
	EXPECT(selftest_space_load(VA) == 'A');
	pagetable_set(pt, VA, entry_of(b));
	EXPECT(vmstat.tlb_invlpg == before + 1);
	EXPECT(selftest_space_load(VA) == 'B');
	EXPECT(pagetable_get(pt, VA) & PTE_A);
	EXPECT(pt->resident == 1);
}

/* A store makes the entry dirty; once cleared, the next store must do so again. */
static void check_dirty(struct pagetable *pt, struct frame *b)
{
	for (u32 i = 0; i < 3; i++) {
		EXPECT(!(pagetable_get(pt, VA) & PTE_D));
		*(volatile u32 *)word_at(VA) = 100 + i;
		EXPECT(*(u32 *)frame_ptr(b) == 100 + i);
		EXPECT(pagetable_clear_bits(pt, VA, PTE_D, true) & PTE_D);
	}
}

static void check_protect(struct pagetable *pt, struct frame *b)
{
	u32 before = vmstat.tlb_invlpg, value = 'X';

	*(volatile u32 *)word_at(VA) = 'C';
	pagetable_clear_bits(pt, VA, PTE_W, true);
	EXPECT(vmstat.tlb_invlpg == before + 1);
	EXPECT(usercopy_out(VA, &value, sizeof(value)) != 0);
	EXPECT(*(u32 *)frame_ptr(b) == 'C');
	EXPECT(usercopy_in(&value, VA, sizeof(value)) == 0 && value == 'C');
	EXPECT(pagetable_clear(pt, VA) & PTE_P);
	EXPECT(usercopy_in(&value, VA, sizeof(value)) != 0);
	EXPECT(pagetable_clear(pt, VA) == 0 && pt->resident == 0);
}

/* Entries at both ends of three tables: next finds them in order. */
static void check_next(struct pagetable *pt, struct frame *f)
{
	static const vaddr_t places[] = { 0x00400000, 0x007FF000, 0x00800000, 0x40000000, USER_END - PAGE_SIZE };
	vaddr_t va = 0;
	u32 tables = pt->tables;

	for (u32 i = 0; i < ARRAY_LEN(places); i++)
		if (EXPECT(pagetable_ensure(pt, places[i])))
			pagetable_set(pt, places[i], entry_of(f));
	EXPECT(pt->tables == tables + 4);
	for (u32 i = 0; i < ARRAY_LEN(places); i++, va += PAGE_SIZE) {
		va = pagetable_next(pt, va, USER_END);
		EXPECT(va == places[i]);
	}
	for (u32 i = 0; i < ARRAY_LEN(places); i++)
		pagetable_clear(pt, places[i]);
	EXPECT(pagetable_next(pt, 0, USER_END) == USER_END);
	pagetable_free_range(pt, 0, USER_END);
	EXPECT(pt->tables == 0);
}

void selftest_pagetable(void)
{
	struct addrspace *as = addrspace_create(1);
	struct frame *a = new_frame('A'), *b = new_frame('B');
	bool always = vmcheck_always;

	vmcheck_always = false;
	if (EXPECT(as && a && b)) {
		task_enter_space(task_current(), as);
		check_map_and_remap(&as->pagetable, a, b);
		check_dirty(&as->pagetable, b);
		check_protect(&as->pagetable, b);
		check_next(&as->pagetable, b);
		task_enter_space(task_current(), NULL);
		addrspace_destroy(as);
		frame_free(a);
		frame_free(b);
	}
	vmcheck_always = always;
}

/* --- reverse map: one frame, many mappers -------------------------------------------------------------------------- */

static vaddr_t selftest_space_place(u32 i)
{
	return VA + i * (LARGE_PAGE_SIZE + PAGE_SIZE);
}

static void map_at(struct addrspace *as, u32 place, struct frame *f, bool writable)
{
	vaddr_t va = selftest_space_place(place);
	pte_t *entry = pagetable_ensure(&as->pagetable, va);

	if (EXPECT(entry))
		rmap_map(&as->pagetable, va, entry, f, writable);
}

static void map_everywhere(struct addrspace **spaces, struct frame *f)
{
	for (u32 s = 0; s < SPACES; s++)
		for (u32 i = 0; i < PLACES; i++)
			map_at(spaces[s], i, f, true);
	EXPECT(rmap_count(f) == SPACES * PLACES);
}

static void check_bits(struct addrspace **spaces, struct frame *f)
{
	rmap_clear_accessed(f);
	EXPECT(!rmap_accessed(f) && !rmap_dirty(f));
	task_enter_space(task_current(), spaces[1]);
	*(volatile u32 *)word_at(selftest_space_place(2)) = 'W';
	EXPECT(rmap_accessed(f) && rmap_dirty(f));
	EXPECT(rmap_harvest_dirty(f) && (f->flags & FRAME_DIRTY));
	EXPECT(!(pagetable_get(&spaces[1]->pagetable, selftest_space_place(2)) & PTE_D));
	rmap_write_protect_all(f);
	for (u32 s = 0; s < SPACES; s++)
		EXPECT(!(pagetable_get(&spaces[s]->pagetable, selftest_space_place(0)) & PTE_W));
	task_enter_space(task_current(), NULL);
}

/* What an entry knew of a store is kept in the frame when the entry goes. */
static void check_harvest(struct addrspace *as, struct frame *f)
{
	rmap_unmap(&as->pagetable, selftest_space_place(0));
	map_at(as, 0, f, true);
	f->flags = 0;
	task_enter_space(task_current(), as);
	*(volatile u32 *)word_at(selftest_space_place(0)) = 'H';
	rmap_unmap(&as->pagetable, selftest_space_place(0));
	EXPECT((f->flags & FRAME_DIRTY) && (f->flags & FRAME_ACCESSED));
	map_at(as, 0, f, false);
	EXPECT(selftest_space_load(selftest_space_place(0)) == 'H');
	task_enter_space(task_current(), NULL);
}

void selftest_rmap(void)
{
	struct addrspace *spaces[SPACES];
	struct frame *f = new_frame('F');

	for (u32 s = 0; s < SPACES; s++)
		if (!EXPECT((spaces[s] = addrspace_create(s + 1))))
			return;
	map_everywhere(spaces, f);
	check_bits(spaces, f);
	check_harvest(spaces[0], f);
	rmap_unmap(&spaces[3]->pagetable, selftest_space_place(1));
	EXPECT(rmap_count(f) == SPACES * PLACES - 1);
	for (u32 i = 0; i < PLACES; i++)
		rmap_unmap(&spaces[2]->pagetable, selftest_space_place(i));
	EXPECT(!rmap_mapped_by(f, &spaces[2]->pagetable) && rmap_mapped_by(f, &spaces[3]->pagetable));
	EXPECT(rmap_unmap_all(f) == SPACES * PLACES - 1 - PLACES);
	EXPECT(!f->maps);
	for (u32 s = 0; s < SPACES; s++) {
		EXPECT(spaces[s]->pagetable.resident == 0);
		pagetable_free_range(&spaces[s]->pagetable, 0, USER_END);
		addrspace_destroy(spaces[s]);
	}
	f->flags = 0;
	frame_free(f);
}

/* --- spaces with contents ------------------------------------------------------------------------------------------ */

static u32 pattern(u32 page, u32 who)
{
	return page * 2654435761u + who;
}

static void selftest_space_fill(struct addrspace *as, u32 who)
{
	for (u32 i = 0; i < PAGES; i++) {
		u32 value = pattern(i, who);

		EXPECT(usercopy_to_space(as, VA + i * PAGE_SIZE + 4 * i, &value, sizeof(value)) == 0);
	}
}

/* Page I of AS is WHO's. */
static void check_filled(struct addrspace *as, u32 i, u32 who)
{
	struct frame *f;

	if (!EXPECT(fault_resolve_pinned(as, VA + i * PAGE_SIZE, FAULT_READ, &f) == FAULT_OK))
		return;
	EXPECT(((u32 *)frame_ptr(f))[i] == pattern(i, who));
	EXPECT(((u32 *)frame_ptr(f))[1000] == 0);
	frame_unpin(f);
}

static struct addrspace *new_space(u32 label)
{
	struct addrspace *as = addrspace_create(label);

	if (EXPECT(as))
		EXPECT(addrspace_map(as, VA, PAGES * PAGE_SIZE, REGION_READ | REGION_WRITE,
				     REGION_READ | REGION_WRITE, 0, NULL, 0) == 0);
	return as;
}

/* A fork shares; a space that stores has its own page then; vmcheck agrees at each step. */
void selftest_invariants(void)
{
	struct addrspace *parent = new_space(1), *child;

	if (!parent)
		return;
	vmcheck();
	selftest_space_fill(parent, 1);
	vmcheck();
	if (EXPECT(addrspace_fork(parent, 2, &child) == 0)) {
		vmcheck();
		EXPECT(addrspace_private(parent, VA) == addrspace_private(child, VA));
		EXPECT(addrspace_private(child, VA)->refs == 2);
		selftest_space_fill(child, 2);
		vmcheck();
		EXPECT(addrspace_private(parent, VA) != addrspace_private(child, VA));
		for (u32 i = 0; i < PAGES; i++) {
			check_filled(parent, i, 1);
			check_filled(child, i, 2);
		}
		EXPECT(addrspace_unmap(child, VA + 8 * PAGE_SIZE, 8 * PAGE_SIZE) == 0);
		vmcheck();
		addrspace_destroy(child);
	}
	addrspace_destroy(parent);
	vmcheck();
}

/* --- slots --------------------------------------------------------------------------------------------------------- */

static void check_seal(u32 *page)
{
	static struct anon page_owner, *owner = &page_owner;
	u32 slot;

	if (!EXPECT(slot_alloc_run(&owner, 1, &slot) == 1))
		return;
	EXPECT(slot_owner(slot) == owner);
	slot_seal(slot, page);
	EXPECT(slot_verify(slot, page));
	for (u32 bit = 0; bit < PAGE_SIZE * 8; bit += 41) {
		page[bit / 32] ^= 1u << bit % 32;
		EXPECT(!slot_verify(slot, page));
		page[bit / 32] ^= 1u << bit % 32;
	}
	EXPECT(slot_verify(slot, page));
	slot_free(slot);
}

/* A thread that touches a page being written gets it back without a read. */
static void wait_until_out(struct addrspace *as)
{
	struct anon *a;

	for (u32 i = 0; i < PAGES; i++)
		while ((a = addrspace_private(as, VA + i * PAGE_SIZE)) && a->frame)
			frame_wait(a->frame);
}

/* Every page leaves for the disk and comes back with what it held. */
static void check_round_trip(void)
{
	struct addrspace *as = new_space(1);
	struct policy_scope scope;
	u32 out = vmstat.pswpout, in = vmstat.pswpin;

	if (!as)
		return;
	scope.pt = &as->pagetable;
	selftest_space_fill(as, 3);
	while (reclaim(&scope, IO_MAX, RECLAIM_LIMIT))
		vmcheck();
	EXPECT(as->pagetable.resident == 0);
	EXPECT(vmstat.pswpout == out + PAGES);
	wait_until_out(as);
	for (u32 i = 0; i < PAGES; i++)
		check_filled(as, i, 3);
	EXPECT(vmstat.pswpin == in + PAGES);
	vmcheck();
	addrspace_destroy(as);
}

void selftest_slots(void)
{
	u32 used = slot_used(), *page = slot_enabled() ? kzalloc(PAGE_SIZE) : NULL;

	if (!slot_enabled() || !EXPECT(page))
		return;
	for (u32 i = 0; i < PAGE_SIZE / sizeof(*page); i++)
		page[i] = pattern(i, 7);
	check_seal(page);
	kfree(page);
	check_round_trip();
	EXPECT(slot_used() == used);
}
