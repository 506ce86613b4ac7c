/* Read-ahead: windows that grow in order and vanish at random; several streams. */
#include "host.h"
#include "mm/backing.h"
#include "mm/readahead.h"

#define MOST (IO_MAX - 1)

static bool known[1u << 20]; /* slots that have been read; a page is read once */
static u32 waits;            /* for a disk */

static void read_run(u32 slot, u32 n)
{
	CHECK(n >= 1 && n <= IO_MAX);
	readahead_begun(slot, n);
	while (n--)
		known[slot++] = true;
}

/* The page in SLOT is needed. => how many pages were read for that, now or for later */
static u32 use(u32 slot)
{
	u32 n, next;

	if (known[slot]) {
		n = readahead_used(slot, &next);
		if (n)
			read_run(next, n);
		return n;
	}
	waits++;
	n = 1 + readahead_window(slot);
	read_run(slot, n);
	return n;
}

/* The runs double up to a whole request, and soon no page is waited for. */
static void test_in_order(void)
{
	u32 longest = 0;

	for (u32 slot = 1000; slot < 3000; slot++) {
		u32 n = use(slot);

		longest = MAX(longest, n);
	}
	SAME(longest, IO_MAX);
	CHECK(waits <= 3);
}

/* At random the windows shrink to nothing, but for a try now and then; in order they are back at once. */
static void test_at_random(void)
{
	u32 read = 0, n = 2000;

	for (u32 i = 0; i < 100; i++)
		use(host_random(1u << 19));
	for (u32 i = 0; i < n; i++)
		read += use(host_random(1u << 19));
	CHECK(read >= n && read < n + n / 4);
	waits = 0;
	for (u32 slot = 1u << 19; slot < (1u << 19) + 1000; slot++)
		use(slot);
	CHECK(waits <= 4);
}

/* Where a page's neighbours are used soon, but in no order, each place is waited for once. */
static void test_neighbours(void)
{
	for (u32 i = 0; i < 1000; i++)
		for (u32 n = 8; n--;)
			use(1000 + i * 64 + (n + 1) % 8);
	SAME(waits, 1000);
}

/* Twenty programs in order, by turns. */
static void test_streams(void)
{
	for (u32 i = 0; i < 2000; i++)
		for (u32 stream = 1; stream <= 20; stream++)
			use(stream << 15 | i);
	CHECK(waits <= 20 * 3);
}

/* Every tenth page: a window of neighbours is a waste. */
static void test_strides(void)
{
	u32 read = 0;

	for (u32 i = 0; i < 1000; i++)
		read += use(1000 + 10 * i);
	CHECK(read < 2000);
}

/* It pays in order, and still does after some pages at random, but not after many. */
static void test_pays(void)
{
	CHECK(!readahead_pays());
	test_in_order();
	CHECK(readahead_pays());
	for (u32 i = 0; i < 1000; i++)
		use(host_random(1u << 19));
	CHECK(readahead_pays());
	for (u32 i = 0; i < 6000; i++)
		use(host_random(1u << 19));
	CHECK(!readahead_pays());
}

static void test_off(void)
{
	test_in_order();
	readahead_most = 0;
	CHECK(!readahead_pays());
	for (u32 slot = 1; slot < 100; slot++)
		SAME(use(slot), 1);
}

/* At the first slot, with a run that was cut short, and with a whole one. */
static void test_ends(void)
{
	SAME(readahead_window(1), 7);
	readahead_begun(1, 8);
	for (u32 i = 2; i <= 8; i++)
		(void)readahead_used(i, &waits);
	SAME(readahead_window(9), 15);
	readahead_begun(9, 1);
	SAME(readahead_window(10), MOST);
}

const struct host_test readahead_tests[] = {
	{ "in order", test_in_order },
	{ "at random", test_at_random },
	{ "neighbours", test_neighbours },
	{ "streams", test_streams },
	{ "strides", test_strides },
	{ "pays", test_pays },
	{ "off", test_off },
	{ "ends", test_ends },
	{ NULL, NULL },
};
