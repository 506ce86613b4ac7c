/*
 * Swap slots.
 *
 * The area is what mkswap(8) makes: page 0 holds the header (slot_header.h), page n is slot n. Free slots are found next-fit,
 * so that pages that are evicted together lie together on the disk and can be read in one run.
 *
 * I5: a slot in use has an owner that points back at it, or is an orphan for as long as its I/O takes.
 */
#include "mm/slot.h"

#include "kernel/base/errno.h"
#include "kernel/base/inject.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/slot_header.h"
#include "mm/vmtrace.h"

struct slot {
	struct anon *owner; /* NULL: free */
	u32 checksum;
	u32 evicted : 24; /* when its page was evicted; 0: no note of it */
	u32 age : 8;      /* the policy's note of the page */
};

static struct anon orphan, bad; /* not pages: addresses that mark orphans and bad slots */

static struct slot *slots;
static u32 end; /* slots 1 .. end-1 exist */
static u32 used, total;
static u32 cursor = 1;
static struct backing *area;
static bool closed;

bool slot_enabled(void) { return area != NULL; }
struct backing *slot_backing(void) { return area; }
bool slot_closed(void) { return closed; }
u32 slot_total(void) { return total; }
u32 slot_used(void) { return used; }
u32 slot_available(void) { return closed ? 0 : total - used; }
u32 slot_end(void) { return end; }

int slot_enable(struct backing *b, const void *page)
{
	const struct slot_header *h = page;
	char why[SLOT_HEADER_WHY];

	if (slot_header_check(page, b, why, sizeof(why)) != SLOT_HEADER_GOOD)
		return -EINVAL;
	if (area)
		return -EBUSY;
	if (h->last_page < frame_total() * (PAGE_SIZE / sizeof(*slots))) /* else the table would be larger than memory */
		slots = kzalloc((h->last_page + 1) * sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	end = h->last_page + 1;
	total = end - 1;
	used = 0;
	area = b;
	for (u32 i = 0; i < h->bad_pages; i++)
		if (!slots[h->bad[i]].owner) {
			slots[h->bad[i]].owner = &bad;
			total--;
		}
	return 0;
}

bool slot_close(bool close)
{
	bool changed = closed != close;

	closed = close;
	return changed;
}

void slot_disable(void)
{
	ASSERT(closed);
	ASSERT_CMP(used, ==, 0);
	kfree(slots);
	slots = NULL;
	area = NULL;
	closed = false;
	end = total = 0;
	cursor = 1;
}

/* => length of the run of free slots at START, at most WANT */
static u32 run_at(u32 start, u32 want)
{
	u32 n = 0;

	while (n < want && start + n < end && !slots[start + n].owner)
		n++;
	return n;
}

/* Searches [FROM, TO) for a run of WANT slots; *BEST and *BEST_N are the longest so far. => found a run of WANT? */
static bool slot_search(u32 from, u32 to, u32 want, u32 *best, u32 *best_n)
{
	for (u32 s = from; s < to;) {
		u32 n = run_at(s, want);

		if (n > *best_n) {
			*best = s;
			*best_n = n;
		}
		if (n == want)
			return true;
		s += n + 1;
	}
	return false;
}

static void slot_take(u32 slot, struct anon *owner)
{
	ASSERT(!slots[slot].owner && owner);
	slots[slot].owner = owner;
	slot_forget_eviction(slot);
	used++;
	TRACE_SLOTALLOC(0, slot, owner);
}

u32 slot_alloc_run(struct anon *const *owners, u32 want, u32 *first)
{
	u32 n = 0;

	if (!slot_available() || inject_now(INJECT_SLOT))
		return 0;
	if (!slot_search(cursor, end, want, first, &n))
		slot_search(1, cursor, want, first, &n);
	ASSERT_CMP(n, >, 0);
	cursor = *first + n < end ? *first + n : 1;
	for (u32 i = 0; i < n; i++)
		slot_take(*first + i, owners[i]);
	return n;
}

static struct anon *page_or_null(struct anon *owner)
{
	return owner == &orphan || owner == &bad ? NULL : owner;
}

struct anon *slot_owner(u32 slot)
{
	ASSERT_CMP(slot, <, end);
	return page_or_null(slots[slot].owner);
}

/* A tight loop, since most slots are free and with check=always it runs after each system call. */
struct anon *slot_next_owner(u32 *slot)
{
	const struct slot *s = slots + *slot, *behind = slots + end;

	while (s < behind && (!s->owner || !page_or_null(s->owner)))
		s++;
	*slot = s - slots;
	return s < behind ? s->owner : NULL;
}

void slot_free(u32 slot)
{
	ASSERT(slot > 0 && slot < end && slots[slot].owner && slots[slot].owner != &bad);
	slots[slot].owner = NULL;
	used--;
	TRACE_SLOTFREE(0, slot);
}

void slot_orphan(u32 slot)
{
	ASSERT(slot_owner(slot));
	slots[slot].owner = &orphan;
}

void slot_mark_bad(u32 slot)
{
	slot_free(slot);
	slots[slot].owner = &bad;
	total--;
	printk("swap: slot %u is bad and will not be used again\n", slot);
}

/* The barrier keeps the additions in their order, in which each is one instruction. */
static inline void sum_add(u32 *sum, u32 x)
{
	*sum += x;
	__asm__("" : "+r"(*sum));
}

/* Adds eight words to four sums, and the sums to each other, so that it matters where a word stands. */
static inline void add_words(u32 sum[4], const u32 *word)
{
	sum_add(&sum[0], word[0]), sum_add(&sum[1], word[1]), sum_add(&sum[2], word[2]), sum_add(&sum[3], word[3]);
	sum_add(&sum[1], sum[0]), sum_add(&sum[3], sum[2]);
	sum_add(&sum[0], word[4]), sum_add(&sum[1], word[5]), sum_add(&sum[2], word[6]), sum_add(&sum[3], word[7]);
	sum_add(&sum[2], sum[1]), sum_add(&sum[0], sum[3]);
}

/*
 * Like Fletcher's checksum it depends on the order of the words, but with four sums it takes half an addition more for each
 * word, not a whole one. Every step could be undone, so two pages that differ in one word have different sums; and the first
 * sum begins with 1, so that a page of zeros differs from one that was never written.
 */
static u32 checksum(const void *page)
{
	const u32 *word = page, *behind = word + PAGE_SIZE / sizeof(*word);
	u32 sum[4] = { 1 };

	for (; word < behind; word += 16) {
		add_words(sum, word);
		add_words(sum, word + 8);
	}
	return sum[0] ^ (sum[1] << 8 | sum[1] >> 24) ^ (sum[2] << 16 | sum[2] >> 16) ^ (sum[3] << 24 | sum[3] >> 8);
}

void slot_seal(u32 slot, const void *page)
{
	slots[slot].checksum = checksum(page);
}

bool slot_verify(u32 slot, const void *page)
{
	return slots[slot].checksum == checksum(page);
}

void slot_set_evicted(u32 slot, u32 time, u8 age)
{
	slots[slot].evicted = time & SLOT_TIME_MASK;
	slots[slot].age = age;
}

void slot_forget_eviction(u32 slot)
{
	slots[slot].evicted = 0;
}

u8 slot_age(u32 slot)
{
	return slots[slot].age;
}

u32 slot_evicted(u32 slot)
{
	return slots[slot].evicted;
}

bool slot_scarce(void)
{
	return used > total / 2;
}
