/* What the tests of anonymous pages share: some pages, and their way to swap and back. */
#pragma once

#include "host.h"
#include "kernel/base/errno.h"
#include "mm/anon.h"
#include "mm/kmalloc.h"
#include "mm/policy.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

#define PAGES 20u

static struct anon *page[PAGES];
static u32 frames_before;

static inline u32 word_of(u32 i)
{
	return i * 2654435761u + 12345;
}

static inline void start(u32 swap)
{
	host_boot(512, 0);
	host_swap(swap);
	CHECK(policy_select("fifo"));
	kmalloc_trim();
	frames_before = frame_count(FRAME_FREE);
	for (u32 i = 0; i < PAGES; i++) {
		struct frame *f = frame_alloc_zeroed(FRAME_ANON, 0, FRAME_FOR_FAULT);

		((u32 *)frame_ptr(f))[i] = word_of(i);
		page[i] = anon_create(f);
		CHECK(page[i] && page[i]->frame == f && f->anon == page[i]);
	}
}

static inline void finish(void)
{
	host_disk_finish_all();
	for (u32 i = 0; i < PAGES; i++)
		if (page[i])
			anon_unref(page[i]);
	host_disk_finish_all();
	kmalloc_trim();
	SAME(slot_used(), 0);
	SAME(policy_pageable(), 0);
	SAME(io_in_flight(), 0);
	SAME(frame_count(FRAME_FREE), frames_before);
}

/* Writes pages FIRST .. FIRST+N-1 out. => how many requests were begun */
static inline u32 out(u32 first, u32 n)
{
	struct frame *frames[PAGES];
	u32 runs = vmstat.swap_runs;

	for (u32 i = 0; i < n; i++) {
		frames[i] = page[first + i]->frame;
		policy_forget(frames[i]);
	}
	SAME(anon_page_out(frames, n), n);
	for (u32 i = 0; i < n; i++)
		CHECK(frames[i]->flags & FRAME_BUSY);
	return vmstat.swap_runs - runs;
}

/* => 0 or an error; sleeps as long as the disk takes */
static inline int in(u32 i)
{
	struct frame *held = NULL;
	int error;

	do
		error = anon_make_resident(page[i], true, &held);
	while (error == -EAGAIN);
	if (error == 0)
		SAME(((u32 *)frame_ptr(page[i]->frame))[i], word_of(i));
	if (held)
		frame_unpin(held);
	return error;
}
