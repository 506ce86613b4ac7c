/*
 * Refaults, and the thrashing that they show.
 *
 * A page is wanted back. Would it still be here, had its owner been alone? With K users of memory alike, K - 1 pages of
 * others leave for one of his. So if his pages fit into memory, this one comes back before all of memory has
 * been exchanged K - 1 times; if they do not, he would fault even alone, and later than that.
 */
#include "mm/refault.h"

#include "kernel/base/clock.h"
#include "mm/policy.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

u32 refault_rivals = 1;

/* The clock: pages evicted since boot, of whatever kind. A slot remembers at what time its page was evicted. */
static u32 evictions;

/* Somebody, no matter how many, is waiting since then; and was waiting for so long before. */
static u32 waiting;
static u64 waiting_since, stalled_ns;

void refault_evicted(u32 slot)
{
	if (slot)
		slot_set_evicted(slot, evictions);
	evictions++;
}

void refault_note(u32 slot)
{
	vmstat.workingset_refault_anon++;
	if ((evictions - slot_evicted(slot)) / (policy_pageable() + 1) < refault_rivals)
		vmstat.workingset_activate_anon++;
}

void refault_stall_begin(void)
{
	if (!waiting++)
		waiting_since = clock_ns();
}

void refault_stall_end(void)
{
	if (!--waiting)
		stalled_ns += clock_ns() - waiting_since;
}

u64 refault_stalled_ns(void)
{
	return stalled_ns + (waiting ? clock_ns() - waiting_since : 0);
}
