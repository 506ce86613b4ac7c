/* Anonymous pages on their way to swap and back: runs, clean pages, owners that end and pins while the I/O is under way. */
#include "anons.h"
#include "mm/readahead.h"

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
	{ "references", test_references },
	{ NULL, NULL },
};
