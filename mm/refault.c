/*
 * Refaults, and the thrashing that they show.
 *
 * A task needs an evicted page again. Would the page still be in memory if the task were alone? When K tasks use memory
 * alike, K - 1 pages of the others are evicted for each page of its own. So if its pages fit into memory, this one is needed
 * again before all of memory has been replaced K - 1 times; if they do not fit, the task would fault even alone, and later.
 */
#include "mm/refault.h"

#include "kernel/base/clock.h"
#include "mm/policy.h"
#include "mm/vmtrace.h"

u32 refault_rivals = 1;

/* How many threads wait, since when there has been one, and for how long there was one before. */
static u32 waiting;
static u64 waiting_since, stalled_ns;

void refault_note(const struct frame *f)
{
	vmstat.workingset_refault_anon++;
	if (policy_evictions_since(f) / (frame_capacity() + 1) < refault_rivals)
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
