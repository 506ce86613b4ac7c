/*
 * The set of pageable frames and the policy that orders it.
 */
#include "mm/policy.h"

#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "mm/anon.h"
#include "mm/readahead.h"
#include "mm/rmap.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

extern const struct policy policy_adaptive, policy_ageing, policy_clock, policy_fifo, policy_random, policy_wsclock;

const struct policy *const policy_table[] = {
	&policy_adaptive, &policy_ageing, &policy_clock, &policy_fifo, &policy_random, &policy_wsclock, NULL
};

static const struct policy *policy = &policy_clock;
static u32 pageable;
static u32 evictions = 1; /* since boot: the clock by which a slot notes when its page was evicted */
static bool initialised;

u32 policy_pageable(void) { return pageable; }
const char *policy_name(void) { return policy->name; }

/* --- looks, for the trace ---------------------------------------------------------------------------------------- */

/*
 * The frame that the policy looks at, as it was when the look began: with the first question about it. The look ends when
 * the policy asks about another frame, or has decided.
 */
static struct {
	const struct frame *f; /* NULL: none */
	bool accessed, dirty;
	bool candidate;        /* it can leave, and is in scope */
} look;
static bool looking; /* the policy runs, and its looks are traced */

static void end_look(const struct frame *victim)
{
	if (look.f)
		TRACE_LOOK(0, frame_index(look.f), look.accessed, look.dirty,
			   look.f == victim ? VMTRACE_LOOK_VERDICT_VICTIM :
			   look.candidate ? VMTRACE_LOOK_VERDICT_PASSED : VMTRACE_LOOK_VERDICT_SKIPPED);
	look.f = NULL;
}

static void look_at(const struct frame *f)
{
	if (look.f == f)
		return;
	end_look(NULL);
	look.f = f;
	look.accessed = rmap_accessed(f);
	look.dirty = rmap_dirty(f);
	look.candidate = true;
}

/* --- the questions ----------------------------------------------------------------------------------------------- */

bool policy_accessed(const struct frame *f)
{
	if (looking)
		look_at(f);
	return rmap_accessed(f);
}

void policy_clear_accessed(struct frame *f)
{
	if (looking)
		look_at(f);
	rmap_clear_accessed(f);
}

bool policy_dirty(const struct frame *f)
{
	if (looking)
		look_at(f);
	return rmap_dirty(f);
}

/* An anonymous page can leave only if there is a slot for it, a file's page if its disk takes it. */
static bool has_place_to_go(const struct frame *f)
{
	if (f->state == FRAME_FILE)
		return !(f->flags & FRAME_UNWRITABLE);
	return f->anon->slot || slot_available();
}

bool policy_evictable(const struct frame *f)
{
	bool evictable = !f->pins && !f->wires && !(f->flags & (FRAME_BUSY | FRAME_WRITEBACK)) && has_place_to_go(f);

	if (looking) {
		look_at(f);
		look.candidate &= evictable;
	}
	return evictable;
}

bool policy_in_scope(const struct frame *f, const struct policy_scope *scope)
{
	bool in_scope = !scope || rmap_mapped_by(f, scope->pt);

	if (looking) {
		look_at(f);
		look.candidate &= in_scope;
	}
	return in_scope;
}

/* => the slot that has the policy's note about F's page; 0: there is none */
static u32 slot_with_note(const struct frame *f)
{
	u32 slot = f->state == FRAME_ANON ? f->anon->slot : 0;

	return slot && slot_evicted(slot) ? slot : 0;
}

u32 policy_evictions_since(const struct frame *f)
{
	u32 slot = slot_with_note(f);

	return slot ? (evictions - slot_evicted(slot)) & SLOT_TIME_MASK : POLICY_NEVER;
}

bool policy_read_ahead(const struct frame *f) { return f->state == FRAME_ANON && f->ahead; }
bool policy_reads_pay(void) { return readahead_pays(); }

/* --- the set ----------------------------------------------------------------------------------------------------- */

/* The first page of all, or one that may have a note of the policy. */
static NOINLINE void admit_special(struct frame *f)
{
	u32 slot = slot_with_note(f);

	if (!initialised)
		policy->init();
	initialised = true;
	f->age = slot ? slot_age(slot) : 0;
	policy->admit(f);
	if (slot)
		slot_forget_eviction(slot);
}

void policy_admit(struct frame *f)
{
	ASSERT(f->state == FRAME_ANON || f->state == FRAME_FILE);
	ASSERT(!(f->flags & FRAME_LISTED));
	f->flags |= FRAME_LISTED;
	pageable++;
	if (!initialised || (f->state == FRAME_ANON && f->anon->slot)) {
		admit_special(f);
		return;
	}
	f->age = 0;
	policy->admit(f);
}

void policy_forget(struct frame *f)
{
	if (!(f->flags & FRAME_LISTED))
		return;
	policy->forget(f);
	f->flags &= ~FRAME_LISTED;
	pageable--;
}

void policy_evicted(const struct frame *f)
{
	if (f->state == FRAME_ANON && f->anon->slot)
		slot_set_evicted(f->anon->slot, evictions, f->age);
	if (!(++evictions & SLOT_TIME_MASK)) /* that would mean "no note" */
		evictions++;
}

void policy_tick(void)
{
	if (!policy->tick)
		return;
	looking = vmtrace_on(VMTRACE_LOOK);
	policy->tick();
	end_look(NULL);
	looking = false;
}

struct frame *policy_victim(const struct policy_scope *scope)
{
	struct frame *f;

	looking = vmtrace_on(VMTRACE_LOOK);
	f = pageable ? policy->victim(scope) : NULL;
	end_look(f);
	looking = false;
	ASSERT(!f || ((f->flags & FRAME_LISTED) && policy_evictable(f)));
	return f;
}

static const struct policy *policy_find(const char *name)
{
	for (u32 i = 0; policy_table[i]; i++)
		if (strcmp(policy_table[i]->name, name) == 0)
			return policy_table[i];
	return NULL;
}

static void print_unknown(const char *name)
{
	printk("policy=%s: there is no such policy; known:", name);
	for (u32 i = 0; policy_table[i]; i++)
		printk(" %s", policy_table[i]->name);
	printk("; using %s\n", policy->name);
}

bool policy_select(const char *name)
{
	const struct policy *next = policy_find(name);

	if (!next) {
		print_unknown(name);
		return false;
	}
	if (initialised) {
		for (u32 i = 0; i < frame_total(); i++)
			if (frame_at(i)->flags & FRAME_LISTED)
				policy->forget(frame_at(i));
	}
	policy = next;
	policy->init();
	initialised = true;
	for (u32 i = 0; i < frame_total(); i++)
		if (frame_at(i)->flags & FRAME_LISTED) {
			frame_at(i)->age = 0;
			policy->admit(frame_at(i));
		}
	TRACE_POLICY(0, policy->name);
	return true;
}
