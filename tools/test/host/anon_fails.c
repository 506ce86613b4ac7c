/* Anonymous pages that cannot go to swap or come back: the disk fails or lies, slots or requests are short. */
#include "anons.h"

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

const struct host_test anon_fails_tests[] = {
	{ "write fails", test_write_fails },
	{ "read fails", test_read_fails },
	{ "forged", test_forged },
	{ "scarce", test_scarce },
	{ "full", test_full },
	{ "no request", test_no_request },
	{ NULL, NULL },
};
