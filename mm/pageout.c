/*
 * The daemon works between two watermarks: woken when there is less room than frame_low(), it evicts in batches until there
 * is frame_high(). Frames that are being written count as room to come. Otherwise a slow disk would have the daemon evict more
 * and more while it waits, in a small memory all pages of all tasks.
 */
#include "mm/pageout.h"

#include "kernel/base/clock.h"
#include "kernel/base/thread.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/kmalloc.h"
#include "mm/policy.h"
#include "mm/reclaim.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

#define BATCH IO_MAX
#define PATIENCE 3
#define RETRY_NS 1000000ull /* writes under way are looked at again after 1 ms at the latest */

static bool pageout_enough(void)
{
	return frame_room() >= frame_high();
}

/* Waits for a completion, if any I/O is under way. */
static void wait_for_io(void)
{
	if (!io_in_flight())
		return;
	TRACE_WAIT(0, VMTRACE_WAIT_WHAT_REQUEST, 0);
	wait_on_until(&frame_daemon, clock_ns() + RETRY_NS);
	TRACE_RESUME(0, VMTRACE_RESUME_WHAT_REQUEST, 0);
}

/*
 * Without a free slot only file pages can be evicted. The last few are the text of the running programs: evicting them too
 * would not make room, since they are read back at once. It is better to report that memory is out.
 */
static bool swap_is_exhausted(void)
{
	return !slot_available() && anon_reclaim_slots() == 0 && frame_count(FRAME_FILE) <= frame_low();
}

/*
 * Kernel memory held for tasks (page tables, pipes, regions, stacks) is never evicted, nor are locked pages. If they leave too
 * few frames for other pages, the upper watermark cannot be reached: the daemon would evict every page as soon as it has been
 * read, and all tasks would read the same few pages again and again, with frames free and no thread waiting for one.
 */
static bool crowded_out(void)
{
	return frame_pageable() < frame_min_pageable();
}

/* Evicts until there is room. => false: nothing more could be evicted, or eviction is useless */
static bool make_room(void)
{
	while (!pageout_enough()) {
		u32 missing = frame_high() - frame_room(), leaving = io_frames_leaving(), begun = 0;

		if (swap_is_exhausted() || crowded_out())
			return false;
		policy_tick();
		/* While pages are being written, a few more would make a short request. */
		if (leaving < missing && (!leaving || missing - leaving >= MIN(BATCH / 2, frame_low() / 2)))
			begun = reclaim(NULL, MIN(BATCH, missing - leaving), VMTRACE_DECIDED(RECLAIM_DAEMON));
		if (!begun && !io_in_flight())
			return false;
		if (!begun || io_in_flight() > 4)
			wait_for_io();
		else
			thread_yield();
	}
	return true;
}

static bool is_hopeless(void)
{
	bool trimmed = kmalloc_trim();

	if (!crowded_out()) {
		if (io_in_flight() || trimmed)
			return false;
		/*
		 * A call may be refused while pages could still leave, or if what is free is too little for it alone. Otherwise
		 * it would be refused for as long as the pages stay.
		 */
		if (!frame_waiters(FRAME_FOR_FAULT) && (!swap_is_exhausted() || frame_room_for(FRAME_FOR_KERNEL)))
			return false;
	}
	return !slot_close(false); /* swapoff() must give up before a task is killed */
}

/*
 * Nothing can be evicted, and a thread waits, or kernel memory crowds all pages out. The waiting threads try again with what is
 * free (they may need no more, or be refused); when that has not helped several times, memory is out.
 */
static void last_resort(void (*out_of_memory)(bool crowded))
{
	static u32 fruitless;

	fruitless = is_hopeless() ? fruitless + 1 : 0;
	if (fruitless > PATIENCE) {
		fruitless = 0;
		out_of_memory(crowded_out());
	}
	frame_nudge();
	wait_on_until(&frame_daemon, clock_ns() + RETRY_NS);
}

static void pageout_sleep(void)
{
	TRACE_DAEMON(0, VMTRACE_DAEMON_DOES_SLEEP, frame_room(), frame_low(), frame_high());
	wait_on(&frame_daemon);
}

void pageout_run(void (*out_of_memory)(bool crowded))
{
	for (;;) {
		if (pageout_enough() || !(frame_waiters(FRAME_FOR_KERNEL) || crowded_out()))
			pageout_sleep();
		vmstat.daemon_wakeups++;
		TRACE_DAEMON(0, VMTRACE_DAEMON_DOES_WORK, frame_room(), frame_low(), frame_high());
		if (!make_room() && (frame_waiters(FRAME_FOR_KERNEL) || crowded_out()))
			last_resort(out_of_memory);
	}
}
