/*
 * The state as events of the trace. A reader of a trace learns the state at the beginning with the same code that follows
 * the changes, and a second snapshot at the end shows whether an event was missing.
 */
#include "mm/vmsnapshot.h"

#include "mm/addrspace.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/procswap.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

static void emit_counters(void)
{
#define X(name) TRACE_COUNTER(0, vmstat.name, #name);
	VMSTAT_COUNTERS(X)
#undef X
}

static void emit_frames(void)
{
	for (u32 i = 0; i < frame_total(); i++) {
		const struct frame *f = frame_at(i);

		if (f->state == FRAME_FREE || f->state == FRAME_RESERVED)
			continue;
		TRACE_FRAMEALLOC(0, i, f->order, f->state);
		i += (1u << f->order) - 1;
	}
}

/* A page with several references is emitted several times. */
static void emit_page(const struct anon *a)
{
	TRACE_PAGE(0, a, a->frame ? frame_index(a->frame) : 0);
}

static void emit_space(struct addrspace *as)
{
	const struct pagetable *pt = &as->pagetable;
	const struct region *r;
	struct anon *a;

	TRACE_SPACE(as->label);
	list_for_each(r, &as->regions.head, link)
		TRACE_REGION(as->label, r->start, r->end, r->prot, r->flags & REGION_TRACED, r->obj, r->obj_index);
	for (u32 page = 0; (a = pagemap_next(&as->private, &page, ~0u)); page++) {
		emit_page(a);
		TRACE_PRIVATE(as->label, page << PAGE_SHIFT, a);
	}
	if (procswap_is_out(as)) {
		TRACE_PROCOUT(as->label, resident_set_count(&as->remembered), VMTRACE_PROCOUT_WHY_EARLIER);
		return;
	}
	for (vaddr_t va = 0; (va = pagetable_next(pt, va, USER_END)) < USER_END; va += PAGE_SIZE) {
		pte_t entry = pagetable_get(pt, va);

		TRACE_MAP(as->label, va, entry >> PAGE_SHIFT, !!(entry & PTE_W));
	}
}

static void emit_object(struct memobj *obj)
{
	void *page;

	for (u32 index = 0; (page = pagemap_next(&obj->pages, &index, ~0u)); index++) {
		if (obj->ops->anonymous) {
			emit_page(page);
			TRACE_SHMPAGE(0, obj, index, page);
		} else {
			TRACE_FILEPAGE(0, obj, index, frame_index(page), ((struct frame *)page)->block);
		}
	}
}

static void emit_slots(void)
{
	u32 slot = 1;
	const struct anon *a;

	for (; (a = slot_next_owner(&slot)); slot++)
		TRACE_SLOTALLOC(0, slot, a);
}

void vmsnapshot(void (*more)(void))
{
	u32 mask = vmtrace_mask;
	struct addrspace *as;
	struct memobj *obj;

	vmtrace_mask = VMTRACE_ALL;
	vmtrace_describe(true);
	list_for_each(obj, &memobj_all, all)
		obj->introduced = false;
	TRACE_SNAPSHOT(0, VMTRACE_SNAPSHOT_PART_BEGIN);
	emit_counters();
	emit_frames();
	list_for_each(as, &addrspace_all, all)
		emit_space(as);
	list_for_each(obj, &memobj_all, all)
		emit_object(obj);
	emit_slots();
	if (more)
		more();
	TRACE_SNAPSHOT(0, VMTRACE_SNAPSHOT_PART_END);
	vmtrace_describe(false);
	vmtrace_mask = mask;
}
