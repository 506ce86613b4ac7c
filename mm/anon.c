/*
 * Anonymous pages: creation, references, end. (To swap: anon_swap_out.c; and back: anon_swap_in.c.)
 */
#include "mm/anon.h"

#include "kernel/base/panic.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/kmalloc.h"
#include "mm/pagemap.h"
#include "mm/policy.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

u32 anon_epoch;

static inline struct anon *create(struct frame *f)
{
	struct anon *a = kmalloc_class(sizeof(*a), FRAME_FOR_FAULT);

	if (!a)
		return NULL;
	ASSERT_CMP(f->state, ==, FRAME_ANON);
	a->refs = 1;
	a->seen = 0;
	a->slot = 0;
	a->frame = f;
	a->written_epoch = anon_epoch;
	f->anon = a;
	policy_admit(f);
	TRACE_PAGE(0, a, frame_index(f));
	return a;
}

struct anon *anon_create(struct frame *f)
{
	return create(f);
}

struct anon *anon_create_in(struct pagemap *m, u32 key, const struct frame *source)
{
	struct frame *f = frame_alloc(FRAME_ANON, 0, FRAME_FOR_FAULT);
	struct anon *a = f ? create(f) : NULL;

	if (a && pagemap_put(m, key, a)) {
		if (source)
			frame_copy(f, source);
		else
			frame_zero(f);
		return a;
	}
	if (a)
		anon_unref(a);
	else if (f)
		frame_free(f);
	return NULL;
}

void anon_free(struct anon *a)
{
	struct frame *f = a->frame;
	bool busy = f && (f->flags & FRAME_BUSY);

	if (a->slot && busy)
		slot_orphan(a->slot);
	else if (a->slot)
		slot_free(a->slot);
	if (f) {
		policy_forget(f);
		frame_release(f);
	}
	TRACE_PAGEFREE(0, a);
	kfree(a);
}

void anon_free_released(struct frame *f, u32 slot)
{
	slot_free(slot);
	frame_clear_busy(f, FRAME_BUSY);
	frame_release(f);
}
