/*
 * The reverse map. Each frame heads a list of the records of the entries that map it; insertion and removal are O(1)
 * and allocate nothing, since a record lies beside its page table.
 */
#include "mm/rmap.h"

#include "kernel/base/panic.h"

struct frame *rmap_zero_frame;

void rmap_init(void)
{
	rmap_zero_frame = frame_alloc_zeroed(FRAME_KERNEL, 0, FRAME_FOR_DAEMON);
	if (!rmap_zero_frame)
		panic("no frame of zeros");
}

void rmap_map_zero(struct pagetable *pt, vaddr_t va, pte_t *entry)
{
	pagetable_add_entry(pt, entry, rmap_entry(rmap_zero_frame, false));
	pt->zeros++;
	TRACE_MAP(pt->label, va, frame_index(rmap_zero_frame), false);
}

u32 rmap_unmap_all(struct frame *f)
{
	u32 n = 0;

	while (f->maps) {
		vaddr_t va;
		struct pagetable *pt = pagetable_of_rmap(f->maps, &va);

		rmap_unmap(pt, va);
		n++;
	}
	return n;
}

/* Clears BITS in every entry of F. => all bits that were set anywhere */
static u32 clear_bits_all(struct frame *f, u32 bits, bool flush)
{
	u32 seen = 0;

	for (struct rmap *r = f->maps; r; r = r->next) {
		vaddr_t va;
		struct pagetable *pt = pagetable_of_rmap(r, &va);

		seen |= pagetable_clear_bits(pt, va, bits, flush);
		if (bits & PTE_W)
			TRACE_READONLY(pt->label, va);
	}
	return seen;
}

/* => all bits that are set in any entry of F */
static u32 bits_of(const struct frame *f)
{
	u32 seen = 0;

	for (struct rmap *r = f->maps; r; r = r->next) {
		vaddr_t va;
		struct pagetable *pt = pagetable_of_rmap(r, &va);

		seen |= pagetable_get(pt, va);
	}
	return seen;
}

void rmap_write_protect_all(struct frame *f)
{
	clear_bits_all(f, PTE_W, true);
}

bool rmap_accessed(const struct frame *f)
{
	return (f->flags & FRAME_ACCESSED) || (bits_of(f) & PTE_A);
}

bool rmap_exact;

/*
 * The TLB is flushed only in exact mode: a translation that stays cached may hide one use, which costs the policy a little
 * precision and saves a flush for each frame. The next load of CR3 drops it.
 */
void rmap_clear_accessed(struct frame *f)
{
	f->flags &= ~FRAME_ACCESSED;
	clear_bits_all(f, PTE_A, rmap_exact);
}

bool rmap_dirty(const struct frame *f)
{
	return (f->flags & FRAME_DIRTY) || (bits_of(f) & PTE_D);
}

bool rmap_harvest_dirty(struct frame *f)
{
	if (clear_bits_all(f, PTE_D, true) & PTE_D)
		f->flags |= FRAME_DIRTY;
	return f->flags & FRAME_DIRTY;
}

u32 rmap_count(const struct frame *f)
{
	u32 n = 0;

	for (struct rmap *r = f->maps; r; r = r->next)
		n++;
	return n;
}

bool rmap_is_shared(const struct frame *f)
{
	return f->maps && f->maps->next;
}

bool rmap_mapped_by(const struct frame *f, const struct pagetable *pt)
{
	for (struct rmap *r = f->maps; r; r = r->next) {
		vaddr_t va;

		if (pagetable_of_rmap(r, &va) == pt)
			return true;
	}
	return false;
}
