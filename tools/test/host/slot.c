/* Swap slots: headers that lie, runs, next-fit, owners, bad slots, checksums. */
#include "host.h"
#include "kernel/base/errno.h"
#include "mm/anon.h"
#include "mm/kmalloc.h"
#include "mm/slot.h"

static char page[PAGE_SIZE];

static u32 *field(u32 number)
{
	return (u32 *)(page + 1024) + number;
}
enum { VERSION = 0, LAST = 1, BAD_COUNT = 2, BAD = 128 };

static void enable(u32 npages)
{
	host_memory(1, 1024);
	host_swap(npages);
}

static void test_headers(void)
{
	static const struct {
		u32 at, value;
		int result;
	} table[] = {
		{ VERSION, 0, -EINVAL }, { VERSION, 2, -EINVAL }, { VERSION, 0x01000000, -EINVAL },
		{ LAST, 0, -EINVAL }, { LAST, 100, -EINVAL }, { LAST, 101, -EINVAL }, { LAST, ~0u, -EINVAL },
		{ LAST, 0x80000000, -EINVAL }, { BAD_COUNT, 638, -EINVAL }, { BAD_COUNT, ~0u, -EINVAL },
		{ BAD_COUNT, 1, -EINVAL }, /* slot 0 is the header and cannot be bad */
	};
	struct backing *b;

	host_memory(1, 1024);
	b = host_disk(100);
	for (u32 i = 0; i < ARRAY_LEN(table); i++) {
		host_swap_header(page, 99);
		for (u32 n = BAD; table[i].value != 1 && n < 765; n++)
			*field(n) = 7; /* a list that would be accepted if it were as long as its header claims */
		*field(table[i].at) = table[i].value;
		SAME(slot_enable(b, page), table[i].result);
		CHECK(!slot_enabled() && kmalloc_bytes_used() == 0);
	}
	for (u32 i = PAGE_SIZE - 10; i < PAGE_SIZE; i++) {
		host_swap_header(page, 99);
		page[i] ^= 0x20;
		SAME(slot_enable(b, page), -EINVAL);
	}
	memset(page, 0, sizeof(page));
	SAME(slot_enable(b, page), -EINVAL);
	host_swap_header(page, 0x10000000);
	b->npages = ~0u;
	SAME(slot_enable(b, page), -ENOMEM); /* more slots than memory can describe */
	b->npages = 100;
	host_swap_header(page, 99);
	*field(BAD_COUNT) = 1;
	*field(BAD) = 100;
	SAME(slot_enable(b, page), -EINVAL);
}

/* An area smaller than its disk, with bad pages, one of them named twice. */
static void test_bad_pages(void)
{
	static const u32 bad[] = { 5, 49, 5, 1 };
	u32 first, taken = 0, n;
	static struct anon owner;

	host_memory(1, 1024);
	host_swap_header(page, 49);
	*field(BAD_COUNT) = 4;
	memcpy(field(BAD), bad, sizeof(bad));
	SAME(slot_enable(host_disk(100), page), 0);
	SAME(slot_total(), 46);
	SAME(slot_end(), 50);
	SAME(slot_enable(host_disk(100), page), -EBUSY);
	while ((n = slot_alloc_run((struct anon *[]){ &owner }, 1, &first))) {
		SAME(n, 1);
		CHECK(first != 1 && first != 5 && first > 0 && first < 49);
		CHECK(slot_owner(first) == &owner);
		taken++;
	}
	SAME(taken, 46);
	SAME(slot_available(), 0);
	CHECK(!slot_owner(1) && !slot_owner(5) && !slot_owner(49));
	PANICS("bad", slot_free(5));
}

static void test_no_memory(void)
{
	host_memory(1, 64);
	host_swap_header(page, 999999);
	SAME(slot_enable(host_disk(1000000), page), -ENOMEM);
	CHECK(!slot_enabled() && slot_total() == 0 && slot_available() == 0);
}

static struct anon owners[2000], *owner_of[1001];

/* Takes a run of up to WANT for owners drawn by chance, and notes them in OWNER_OF. => its length */
static u32 take(u32 want, u32 *first)
{
	u32 start = host_random(ARRAY_LEN(owners)), n;
	struct anon *wanted[ARRAY_LEN(owners)];

	for (u32 i = 0; i < want; i++)
		wanted[i] = &owners[(start + i) % ARRAY_LEN(owners)];
	n = slot_alloc_run(wanted, want, first);
	for (u32 i = 0; i < n; i++) {
		owner_of[*first + i] = wanted[i];
		CHECK(slot_owner(*first + i) == wanted[i]);
	}
	return n;
}

/* What leaves together lies together: the next run begins where the last one ended, and comes round at the end. */
static void test_next_fit(void)
{
	u32 first;

	enable(101);
	for (u32 i = 0; i < 10; i++) {
		SAME(take(10, &first), 10);
		SAME(first, 1 + i * 10);
	}
	SAME(take(1, &first), 0);
	SAME(slot_used(), 100);
	for (u32 i = 21; i < 31; i++)
		slot_free(i);
	for (u32 i = 51; i < 56; i++)
		slot_free(i);
	SAME(take(5, &first), 5);
	SAME(first, 21);
	SAME(take(5, &first), 5);
	SAME(first, 26);
	SAME(take(5, &first), 5);
	SAME(first, 51);
	SAME(take(1, &first), 0);

	/* not back to the first hole, as long as there is room ahead */
	for (u32 i = 1; i < 101; i++)
		slot_free(i);
	SAME(take(30, &first), 30);
	SAME(first, 56);
	slot_free(56);
	slot_free(57);
	SAME(take(2, &first), 2);
	SAME(first, 86);
}

/* Where no run is long enough the longest is given, wherever it lies. */
static void test_longest(void)
{
	u32 first;

	enable(101);
	SAME(take(100, &first), 100);
	for (u32 i = 10; i < 13; i++)
		slot_free(i);
	for (u32 i = 40; i < 47; i++)
		slot_free(i);
	for (u32 i = 80; i < 85; i++)
		slot_free(i);
	SAME(take(32, &first), 7);
	SAME(first, 40);
	SAME(take(32, &first), 5);
	SAME(first, 80);
	SAME(take(32, &first), 3);
	SAME(first, 10);
	SAME(take(32, &first), 0);
}

static void test_scarce(void)
{
	u32 first;

	enable(101);
	CHECK(!slot_scarce());
	take(50, &first);
	CHECK(!slot_scarce());
	take(1, &first);
	CHECK(slot_scarce());
}

static void test_owners(void)
{
	u32 first;

	enable(11);
	SAME(take(3, &first), 3);
	SAME(slot_used(), 3);
	PANICS("slot", slot_owner(11));
	PANICS("slot", slot_free(9));
	PANICS("slot", slot_free(0));
	PANICS("slot", slot_free(11));
	slot_orphan(2);
	CHECK(!slot_owner(2));
	SAME(slot_used(), 3);
	PANICS("slot_owner", slot_orphan(2));
	slot_free(2);
	SAME(slot_used(), 2);
	PANICS("slot", slot_free(2));
}

static void test_mark_bad(void)
{
	u32 first;

	enable(11);
	SAME(take(10, &first), 10);
	slot_mark_bad(4);
	SAME(slot_total(), 9);
	SAME(slot_used(), 9);
	for (u32 i = 1; i < 11; i++)
		if (i != 4)
			slot_free(i);
	SAME(take(10, &first), 6); /* the longest run without slot 4 */
	SAME(first, 5);
	SAME(take(10, &first), 3);
	SAME(first, 1);
	SAME(take(1, &first), 0);
	PANICS("bad", slot_free(4));
}

/* Any one bit, two words exchanged, another slot's page, zeros: each is seen. */
static void test_checksum(void)
{
	u32 *word = (u32 *)page, kept;

	enable(11);
	slot_seal(1, page);
	CHECK(slot_verify(1, page));
	for (u32 i = 0; i < 1024; i++)
		word[i] = host_random(0xFFFFFFFF);
	CHECK(!slot_verify(1, page));
	slot_seal(1, page);
	slot_seal(2, page);
	for (u32 bit = 0; bit < PAGE_SIZE * 8; bit++) {
		page[bit / 8] ^= (char)(1 << bit % 8);
		CHECK(!slot_verify(1, page));
		page[bit / 8] ^= (char)(1 << bit % 8);
	}
	CHECK(slot_verify(1, page));
	for (u32 i = 0; i < 1023; i++) {
		kept = word[i];
		word[i] = word[i + 1];
		word[i + 1] = kept;
		CHECK(!slot_verify(2, page));
		word[i + 1] = word[i];
		word[i] = kept;
	}
	memset(page, 0, sizeof(page));
	CHECK(!slot_verify(1, page) && !slot_verify(3, page));
}

/* A million operations against an array of owners. */
static void test_random(void)
{
	enum { FREE, OWNED, ORPHAN, BAD_SLOT };
	static u8 state[1001];
	u32 used = 0, total = 1000, rounds = host_rounds(1000000);

	enable(1001);
	for (u32 i = 0; i < rounds; i++) {
		u32 slot = 1 + host_random(1000), first, n, longest = 0, run = 0;

		switch (state[slot]) {
		case FREE:
			n = take(1 + host_random(40), &first);
			for (u32 j = 0; j < n; j++) {
				SAME(state[first + j], FREE);
				state[first + j] = OWNED;
			}
			used += n;
			CHECK(n > 0 || used == total);
			break;
		case OWNED:
			CHECK(slot_owner(slot) == owner_of[slot]);
			if (host_random(8)) {
				slot_free(slot);
				state[slot] = FREE;
				used--;
			} else if (total > 900 && !host_random(50)) {
				slot_mark_bad(slot);
				state[slot] = BAD_SLOT;
				used--;
				total--;
			} else {
				slot_orphan(slot);
				state[slot] = ORPHAN;
			}
			break;
		case ORPHAN:
			CHECK(!slot_owner(slot));
			slot_free(slot);
			state[slot] = FREE;
			used--;
		}
		SAME(slot_used(), used);
		SAME(slot_total(), total);
		if (i % 1000)
			continue;
		for (u32 s = 1; s <= 1000; s++) {
			run = state[s] == FREE ? run + 1 : 0;
			longest = MAX(longest, run);
		}
		n = take(2000, &first);
		SAME(n, longest);
		while (n)
			slot_free(first + --n);
	}
}

const struct host_test slot_tests[] = {
	{ "headers that lie", test_headers },
	{ "bad pages", test_bad_pages },
	{ "no memory", test_no_memory },
	{ "next fit", test_next_fit },
	{ "longest run", test_longest },
	{ "scarce", test_scarce },
	{ "owners", test_owners },
	{ "mark bad", test_mark_bad },
	{ "checksum", test_checksum },
	{ "random", test_random },
	{ NULL, NULL },
};
