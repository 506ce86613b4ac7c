/*
 * The invariants, checked over the whole state. The text of each stands in mm/README.md.
 *
 * A checker is worth more than a debugger: `check=always` catches the first wrong step, not its consequence a million
 * instructions later. (MINIX 3's sanity checks of its VM server.)
 */
#include "mm/vmcheck.h"

#include "kernel/base/panic.h"
#include "mm/addrspace.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"
#include "mm/policy.h"
#include "mm/region_tree.h"
#include "mm/rmap.h"
#include "mm/slot.h"

#define CHECK(invariant, cond, ...)                                                                     \
	do {                                                                                            \
		if (!(cond))                                                                            \
			panic(invariant ": " __VA_ARGS__);                                              \
	} while (0)

bool vmcheck_always;

static u32 entries_seen, records_seen, mappings_seen;

/* --- frames: I1, I2 (records), I4 (owners), I6 --------------------------------------------------------------------- */

static void check_owner(const struct frame *f)
{
	u32 n = frame_index(f);

	if (f->flags & FRAME_RELEASED) {
		CHECK("I4", !f->owner && !f->maps, "released frame %u has an owner or is mapped", n);
		CHECK("I4", f->pins || (f->flags & (FRAME_BUSY | FRAME_WRITEBACK)),
		      "released frame %u is neither pinned nor busy", n);
		return;
	}
	if (f->state == FRAME_ANON)
		CHECK("I4", f->anon && f->anon->frame == f, "frame %u's page does not point back", n);
	else
		CHECK("I4", f->obj && pagemap_find(&f->obj->pages, f->index) == f,
		      "frame %u is not page %u of its object", n, f->index);
	CHECK("I11", f->state != FRAME_FILE || !memobj_file_is_hole(f) || !rmap_dirty(f),
	      "frame %u is dirty and has no block", n);
	CHECK("I6", !!(f->flags & FRAME_LISTED) == !(f->flags & FRAME_BUSY),
	      "frame %u: flags %#x, but %slisted", n, f->flags, f->flags & FRAME_LISTED ? "" : "not ");
	CHECK("I2", !(f->flags & FRAME_BUSY) || !f->maps, "BUSY frame %u is mapped", n);
}

static void check_frames(void)
{
	u32 counts[FRAME_STATES] = { 0 }, listed = 0;
	const struct frame *first = frame_at(0), *behind = first + frame_total();

	records_seen = 0;
	for (const struct frame *f = first; f < behind; f++) {
		counts[f->state]++;
		if (f->state != FRAME_ANON && f->state != FRAME_FILE)
			continue;
		check_owner(f);
		listed += !!(f->flags & FRAME_LISTED);
		records_seen += rmap_count(f);
	}
	for (u32 s = 0; s < FRAME_STATES; s++)
		CHECK("I1", counts[s] == frame_count(s), "%u frames in state %u, counted %u", frame_count(s), s,
		      counts[s]);
	CHECK("I6", listed == policy_pageable(), "%u frames listed, the policy has %u", listed, policy_pageable());
}

/* --- address spaces: I2 (entries), I3, I7 -------------------------------------------------------------------------- */

static void check_regions(struct addrspace *as)
{
	vaddr_t previous = USER_START;
	struct region *r;
	u32 count = 0, wired = 0, counted = 0;

	list_for_each(r, &as->regions.head, link) {
		CHECK("I7", r->start >= previous && r->start < r->end && r->end <= USER_END,
		      "task %u: region %#x-%#x after %#x", as->label, r->start, r->end, previous);
		CHECK("I7", !((r->start | r->end) & PAGE_MASK), "task %u: region %#x-%#x is not aligned",
		      as->label, r->start, r->end);
		CHECK("I7", !r->obj || (r->space == &as->regions && !list_empty(&r->mapping)),
		      "task %u: region %#x-%#x is not in its object's list", as->label, r->start, r->end);
		previous = r->end;
		mappings_seen += r->obj != NULL;
		wired += r->flags & REGION_WIRED ? (r->end - r->start) >> PAGE_SHIFT : 0;
		counted += r->flags & REGION_COUNTED ? (r->end - r->start) >> PAGE_SHIFT : 0;
		count++;
	}
	CHECK("I7", counted == as->regions.counted, "task %u: %u pages promised, counted %u", as->label,
	      as->regions.counted, counted);
	CHECK("I7", count == as->regions.count, "task %u: %u regions, counted %u", as->label, as->regions.count,
	      count);
	CHECK("I7", wired == as->wired, "task %u: %u pages wired, counted %u", as->label, as->wired, wired);
	CHECK("I7", !as->regions.root || count == region_tree_check(&as->regions),
	      "task %u: not all regions are in the tree", as->label);
}

static bool has_record(struct addrspace *as, vaddr_t va, const struct frame *f)
{
	const struct rmap *wanted = pagetable_rmap(&as->pagetable, va);

	for (const struct rmap *r = f->maps; r; r = r->next)
		if (r == wanted)
			return true;
	return false;
}

static void check_entry(struct addrspace *as, vaddr_t va)
{
	pte_t entry = pagetable_get(&as->pagetable, va);
	struct frame *f = frame_at(entry >> PAGE_SHIFT);
	struct region *r = region_find(&as->regions, va);
	struct anon *a = addrspace_private(as, va);

	CHECK("I7", r, "task %u: entry of %#x lies in no region", as->label, va);
	if (f == rmap_zero_frame) {
		CHECK("I3", !(entry & PTE_W) && !a, "task %u: %#x maps the zero frame wrongly", as->label, va);
		return;
	}
	entries_seen++;
	CHECK("I2", has_record(as, va, f), "task %u: entry of %#x has no record", as->label, va);
	CHECK("I2", !a || a->frame == f, "task %u: entry of %#x maps frame %u, not its page's", as->label, va,
	      frame_index(f));
	if (entry & PTE_W)
		CHECK("I3", (r->prot & REGION_WRITE) && ((r->flags & REGION_SHARED) || (a && a->refs == 1)),
		      "task %u: entry of %#x is writable", as->label, va);
	if ((entry & PTE_W) && a)
		CHECK("I13", a->written_epoch >= as->soft_dirty_epoch, "task %u: %#x is writable, but not soft-dirty",
		      as->label, va);
}

static void check_addrspaces(void)
{
	struct addrspace *as;

	entries_seen = mappings_seen = 0;
	list_for_each(as, &addrspace_all, all) {
		u32 present = 0, zeros = 0;

		CHECK("I12", as->pagetable.directory || !(as->pagetable.resident | as->pagetable.tables),
		      "task %u is out and has %u entries, %u tables", as->label, as->pagetable.resident,
		      as->pagetable.tables);
		check_regions(as);
		for (vaddr_t va = 0; (va = pagetable_next(&as->pagetable, va, USER_END)) < USER_END; va += PAGE_SIZE) {
			check_entry(as, va);
			present++;
			zeros += pagetable_get(&as->pagetable, va) >> PAGE_SHIFT == frame_index(rmap_zero_frame);
		}
		CHECK("I2", present == as->pagetable.resident, "task %u: %u entries, counted %u", as->label,
		      as->pagetable.resident, present);
		CHECK("I2", zeros == as->pagetable.zeros, "task %u: %u entries of the zero frame, counted %u", as->label,
		      as->pagetable.zeros, zeros);
	}
	CHECK("I2", entries_seen == records_seen, "%u entries, %u records", entries_seen, records_seen);
}

static void check_mappings(void)
{
	const struct memobj *obj;
	const struct region *r;
	u32 listed = 0;

	list_for_each(obj, &memobj_all, all)
		list_for_each(r, &obj->regions, mapping) {
			CHECK("I7", r->obj == obj, "region %#x-%#x is in the list of another object", r->start, r->end);
			listed++;
		}
	CHECK("I7", listed == mappings_seen, "%u regions in the lists of objects, counted %u", listed, mappings_seen);
}

/* --- anonymous pages: I4, I5, I8 ----------------------------------------------------------------------------------- */

static void for_each_anon_in(struct pagemap *m, void (*visit)(struct anon *a))
{
	void *const *run;

	for (u32 key = 0, n; (n = pagemap_run(m, &key, ~0u, &run)); key += n)
		for (u32 i = 0; i < n; i++)
			if (run[i])
				visit(run[i]);
}

static void for_each_anon(void (*visit)(struct anon *a))
{
	struct addrspace *as;
	struct memobj *obj;

	list_for_each(as, &addrspace_all, all)
		for_each_anon_in(&as->private, visit);
	list_for_each(obj, &memobj_all, all)
		if (obj->ops->anonymous)
			for_each_anon_in(&obj->pages, visit);
}

static void forget_seen(struct anon *a) { a->seen = 0; }
static void count_seen(struct anon *a) { a->seen++; }

static void check_anon(struct anon *a)
{
	CHECK("I8", a->seen == a->refs, "page %p has %u references, counted %u", (void *)a, a->refs, a->seen);
	CHECK("I4", a->frame || a->slot, "page %p has neither frame nor slot", (void *)a);
	CHECK("I4", !a->frame || a->frame->anon == a, "page %p's frame does not point back", (void *)a);
	CHECK("I5", !a->slot || slot_owner(a->slot) == a, "page %p's slot %u does not point back", (void *)a,
	      a->slot);
}

static void check_slots(void)
{
	u32 owned = 0, slot = 1;
	struct anon *a;

	for (; (a = slot_next_owner(&slot)); slot++) {
		owned++;
		CHECK("I5", a->slot == slot, "slot %u's page does not point back", slot);
	}
	CHECK("I5", owned <= slot_used() && slot_used() - owned <= io_in_flight() * IO_MAX,
	      "%u slots in use, %u have an owner", slot_used(), owned);
}

void vmcheck(void)
{
	check_frames();
	check_addrspaces();
	check_mappings();
	for_each_anon(forget_seen);
	for_each_anon(count_seen);
	for_each_anon(check_anon);
	check_slots();
}
