/* Anonymous pages on their way to swap and back: owners that end, errors and pins while the I/O is under way. */
#include "host.h"
#include "kernel/base/errno.h"
#include "mm/anon.h"
#include "mm/kmalloc.h"
#include "mm/policy.h"
#include "mm/readahead.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

#define PAGES 20u

static struct anon *page[PAGES];
static u32 frames_before;

static u32 word_of(u32 i)
{
	return i * 2654435761u + 12345;
}

static void start(u32 swap)
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

static void finish(void)
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
static u32 out(u32 first, u32 n)
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
static int in(u32 i)
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

/* What leaves together goes in one request, side by side on the disk, and comes back in one. */
static void test_round_trip(void)
{
	start(101);
	SAME(out(0, PAGES), 1);
	host_disk_finish_all();
	for (u32 i = 0; i < PAGES; i++) {
		CHECK(!page[i]->frame);
		SAME(page[i]->slot, page[0]->slot + i);
		SAME(((u32 *)host_disk_page(slot_backing(), page[i]->slot))[i], word_of(i));
	}
	SAME(in(0), 0);
	SAME(vmstat.swap_in_runs, 1);
	SAME(vmstat.pswpin, 1 + 7);
	for (u32 i = 0; i < PAGES; i++)
		SAME(in(i), 0);
	SAME(vmstat.pswpin, PAGES);
	finish();
}

/* A page that was not changed since it came back goes without a write, and its slot still holds it. */
static void test_clean(void)
{
	u32 out_before;

	start(101);
	out(0, 1);
	host_disk_finish_all();
	SAME(in(0), 0);
	out_before = vmstat.pswpout;
	policy_forget(page[0]->frame);
	anon_drop(page[0]->frame);
	CHECK(!page[0]->frame && page[0]->slot);
	SAME(in(0), 0);
	SAME(vmstat.pswpout, out_before);
	/* changed: the old slot is given back, a new one written */
	((u32 *)frame_ptr(page[0]->frame))[0] = 4711;
	page[0]->frame->flags |= FRAME_DIRTY;
	out(0, 1);
	SAME(slot_used(), 1);
	host_disk_finish_all();
	SAME(((u32 *)host_disk_page(slot_backing(), page[0]->slot))[0], 4711);
	((u32 *)host_disk_page(slot_backing(), page[0]->slot))[0] = word_of(0); /* as found */
	SAME(in(0), -EIO); /* ... which the checksum does not believe */
	SAME(vmstat.swap_bad, 1);
	finish();
}

/* The slot keeps what the policy had noted until the page comes back, also if it is read ahead. */
static void test_notes(void)
{
	u32 used, slot;

	start(101);
	for (u32 i = 0; i < PAGES; i++)
		page[i]->frame->age = (u8)(100 + i);
	out(0, PAGES);
	host_disk_finish_all();
	for (u32 i = 1; i < PAGES; i++)
		SAME(slot_evicted(page[i]->slot), slot_evicted(page[0]->slot) + i);
	SAME(in(0), 0);
	SAME(page[0]->frame->age, 100);
	SAME(policy_evictions_since(page[0]->frame), POLICY_NEVER);
	CHECK(!policy_read_ahead(page[0]->frame));
	CHECK(page[1]->frame && policy_read_ahead(page[1]->frame));
	SAME(page[1]->frame->age, 101);
	SAME(in(1), 0);
	CHECK(!policy_read_ahead(page[1]->frame));
	SAME(in(PAGES - 1), 0);
	SAME(page[PAGES - 1]->frame->age, 100 + PAGES - 1);
	/* in a slot that was used before no page finds the note of another */
	out(0, 1);
	host_disk_finish_all();
	used = page[0]->slot;
	CHECK(slot_evicted(used));
	slot_free(used);
	page[0]->slot = 0;
	do {
		SAME(slot_alloc_run(&page[0], 1, &slot), 1);
		SAME(slot_evicted(slot), 0);
		slot_free(slot);
	} while (slot != used);
	slot_alloc_run(&page[0], 1, &page[0]->slot);
	finish();
}

/* Its last user goes while the page is written: the frame and the slot live until the disk is done. */
static void test_dies_while_written(void)
{
	start(101);
	out(0, PAGES);
	for (u32 i = 0; i < PAGES; i += 2) {
		struct frame *f = page[i]->frame;
		u32 slot = page[i]->slot;

		anon_unref(page[i]);
		page[i] = NULL;
		CHECK((f->flags & FRAME_RELEASED) && f->state == FRAME_ANON && !f->owner);
		CHECK(!slot_owner(slot));
	}
	SAME(slot_used(), PAGES);
	host_disk_finish_all();
	SAME(slot_used(), PAGES / 2);
	for (u32 i = 1; i < PAGES; i += 2)
		SAME(in(i), 0);
	finish();
}

static void reader(void *unused)
{
	struct frame *held = NULL;

	(void)unused;
	SAME(anon_make_resident(page[0], true, &held), -EAGAIN);
	CHECK(held && (held->flags & FRAME_RELEASED) && !(held->flags & FRAME_BUSY));
	frame_unpin(held);
	page[0] = NULL;
}

static void killer(void *unused)
{
	(void)unused;
	while (!page[0]->frame)
		host_yield();
	anon_unref(page[0]);
}

/* ... while it is read: the waiter holds a frame that no page owns any more, and frees it by releasing it. */
static void test_dies_while_read(void)
{
	start(101);
	readahead_most = 0;
	out(0, PAGES);
	host_disk_finish_all();
	host_disk_hold = true;
	host_thread(reader, NULL, false);
	host_thread(killer, NULL, false);
	host_run();
	SAME(slot_used(), PAGES - 1);
	finish();
}

/* Somebody waits with a pin while the page is written: it is back without a read. */
static void test_wanted_while_written(void)
{
	u32 reads;

	start(101);
	page[3]->frame->flags |= FRAME_DIRTY;
	out(0, PAGES);
	reads = vmstat.pswpin;
	SAME(in(3), 0);
	SAME(vmstat.pswpin, reads);
	CHECK(page[3]->frame && page[3]->slot && !(page[3]->frame->flags & FRAME_DIRTY));
	CHECK(page[3]->frame->flags & FRAME_LISTED);
	finish();
}

/* The disk refuses the write: the slots are bad, the pages stay in memory and can go elsewhere. */
static void test_write_fails(void)
{
	start(101);
	host_disk_fail_every = 1;
	out(0, PAGES);
	host_disk_finish_all();
	host_disk_fail_every = 0;
	SAME(slot_total(), 100 - PAGES);
	SAME(slot_used(), 0);
	for (u32 i = 0; i < PAGES; i++) {
		CHECK(page[i]->frame && !page[i]->slot);
		SAME(in(i), 0);
	}
	out(0, PAGES);
	host_disk_finish_all();
	for (u32 i = 0; i < PAGES; i++)
		SAME(in(i), 0);
	finish();
}

/* The disk refuses the read: -EIO, the frame is given back, and a later try may succeed. */
static void test_read_fails(void)
{
	start(101);
	out(0, PAGES);
	host_disk_finish_all();
	host_disk_fail_every = 1;
	SAME(in(0), -EIO);
	CHECK(!page[0]->frame && page[0]->slot);
	host_disk_fail_every = 0;
	for (u32 i = 0; i < PAGES; i++)
		SAME(in(i), 0);
	finish();
}

/* One bit on the disk has changed: that page is refused, its neighbours are not. */
static void test_forged(void)
{
	start(101);
	out(0, PAGES);
	host_disk_finish_all();
	((u8 *)host_disk_page(slot_backing(), page[4]->slot))[4095] ^= 1;
	for (u32 i = 0; i < PAGES; i++)
		SAME(in(i), i == 4 ? -EIO : 0);
	CHECK(vmstat.swap_bad >= 1);
	finish();
}

/* More than half full: a page that is read gives its slot back. Full: slots of resident pages are reclaimed. */
static void test_scarce(void)
{
	start(31);
	out(0, 10);
	host_disk_finish_all();
	for (u32 i = 0; i < 10; i++)
		SAME(in(i), 0);
	SAME(slot_used(), 10);
	SAME(anon_reclaim_slots(), 10);
	SAME(slot_used(), 0);
	out(0, PAGES);
	host_disk_finish_all();
	CHECK(slot_scarce());
	SAME(in(0), 0);
	CHECK(slot_used() < PAGES && !page[0]->slot);
	finish();
}

/* Fewer slots than pages: as many as there is room for, the rest stay as they are. */
static void test_full(void)
{
	struct frame *frames[PAGES];

	start(9);
	for (u32 i = 0; i < PAGES; i++) {
		frames[i] = page[i]->frame;
		policy_forget(frames[i]);
	}
	SAME(anon_page_out(frames, PAGES), 8);
	for (u32 i = 8; i < PAGES; i++) {
		CHECK(!(frames[i]->flags & FRAME_BUSY) && !page[i]->slot);
		policy_admit(frames[i]);
	}
	host_disk_finish_all();
	CHECK(!policy_victim(NULL)); /* no slot: no page can be evicted */
	for (u32 i = 0; i < PAGES; i++)
		SAME(in(i), 0);
	finish();
}

/* With all requests under way nothing is written, and nothing is lost. */
static void test_no_request(void)
{
	struct io *taken[64];
	struct frame *f;
	u32 n = 0;

	start(101);
	while ((taken[n] = io_get()))
		n++;
	SAME(io_in_flight(), n);
	f = page[0]->frame;
	policy_forget(f);
	SAME(anon_page_out(&f, 1), 0);
	SAME(slot_used(), 0);
	policy_admit(f);
	while (n)
		io_put(taken[--n]);
	finish();
}

static void test_references(void)
{
	start(101);
	anon_ref(page[0]);
	anon_ref(page[0]);
	SAME(page[0]->refs, 3);
	anon_unref(page[0]);
	anon_unref(page[0]);
	SAME(page[0]->refs, 1);
	CHECK(page[0]->frame->state == FRAME_ANON);
	PANICS("maps", { page[0]->frame->maps = (struct rmap *)page; anon_unref(page[0]); });
	PANICS("DIRTY", { page[0]->frame->flags |= FRAME_DIRTY; anon_drop(page[0]->frame); });
	finish();
}

const struct host_test anon_tests[] = {
	{ "round trip", test_round_trip },
	{ "clean", test_clean },
	{ "notes", test_notes },
	{ "dies while written", test_dies_while_written },
	{ "dies while read", test_dies_while_read },
	{ "wanted while written", test_wanted_while_written },
	{ "write fails", test_write_fails },
	{ "read fails", test_read_fails },
	{ "forged", test_forged },
	{ "scarce", test_scarce },
	{ "full", test_full },
	{ "no request", test_no_request },
	{ "references", test_references },
	{ NULL, NULL },
};
