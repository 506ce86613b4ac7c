/*
 * A disk in memory that completes requests late and in random order, for tests of mm/.
 *
 * A correct pager must cope with everything that the contract of `struct backing` permits. This disk
 * does all of it: it holds up to MEMSWAP_DEPTH requests, each for a random time of up to 2 ms, completes
 * them in random order, and moves the data, also of writes, only then. If a frame is reused too early,
 * the wrong page is written; if it is read too early, it contains old data.
 *
 * All random numbers come from one seed, and the time from clock_ns(): under QEMU's virtual time a run
 * can be repeated exactly.
 */
#include "drivers/memswap.h"

#include "kernel/base/clock.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/kmalloc.h"

#define MEMSWAP_DEPTH 8
#define MEMSWAP_MAX_DELAY 2000000 /* ns */

struct memswap {
	struct block_device disk;
	u32 random;            /* state of the generator, never 0 */
	struct {
		struct io *io; /* NULL: free */
		u64 due;       /* clock_ns() */
	} held[MEMSWAP_DEPTH];
	void *pages[];
};

/* Marsaglia, "Xorshift RNGs" (2003): period 2^32 - 1. */
static u32 memswap_random(struct memswap *m, u32 below)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 17;
	m->random ^= m->random << 5;
	return m->random % below;
}

/* Requests never overlap: a slot has one owner, and the owner's frame is BUSY during the transfer. */
static void memswap_assert_alone(const struct memswap *m, const struct io *io)
{
	for (u32 i = 0; i < MEMSWAP_DEPTH; i++) {
		const struct io *held = m->held[i].io;

		if (held && io->page < held->page + held->n && held->page < io->page + io->n &&
		    (io->op == IO_WRITE || held->op == IO_WRITE))
			panic("a request for %u pages at %u overlaps one for %u at %u that is in flight", io->n,
			      io->page, held->n, held->page);
	}
}

static void memswap_start(struct block_device *d, struct io *io)
{
	struct memswap *m = d->driver;
	u32 i = 0;

	while (i < MEMSWAP_DEPTH && m->held[i].io)
		i++;
	ASSERT_CMP(i, <, MEMSWAP_DEPTH);
	memswap_assert_alone(m, io);
	m->held[i].io = io;
	m->held[i].due = clock_ns() + memswap_random(m, MEMSWAP_MAX_DELAY);
	block_set_deadline(d, MIN(d->deadline, m->held[i].due));
}

static void memswap_finish(struct memswap *m, u32 i)
{
	struct io *io = m->held[i].io;

	for (u32 j = 0; j < io->n; j++) {
		if (io->op == IO_READ)
			memcpy(frame_ptr(io->frames[j]), m->pages[io->page + j], PAGE_SIZE);
		else
			memcpy(m->pages[io->page + j], frame_ptr(io->frames[j]), PAGE_SIZE);
	}
	m->held[i].io = NULL;
	block_finished(&m->disk, io, 0);
}

static void memswap_due(struct block_device *d)
{
	struct memswap *m = d->driver;
	u32 first = memswap_random(m, MEMSWAP_DEPTH);
	u64 now = clock_ns();

	for (u32 n = 0; n < MEMSWAP_DEPTH; n++) {
		u32 i = (first + n) % MEMSWAP_DEPTH;

		if (m->held[i].io && m->held[i].due <= now)
			memswap_finish(m, i);
	}
	for (u32 i = 0; i < MEMSWAP_DEPTH; i++) {
		if (m->held[i].io)
			block_set_deadline(d, MIN(d->deadline, m->held[i].due));
	}
}

static const struct block_ops memswap_ops = { .start = memswap_start, .due = memswap_due };

static void memswap_free(struct memswap *m, u32 npages)
{
	for (u32 i = 0; i < npages; i++)
		kfree(m->pages[i]);
	kfree(m);
}

/* Writes the header of mkswap(8): version, last page, no bad pages, and the signature at the end. */
static void memswap_format(void *page, u32 npages)
{
	u32 *info = (u32 *)((char *)page + 1024);

	memset(page, 0, PAGE_SIZE);
	info[0] = 1;
	info[1] = npages - 1;
	memcpy((char *)page + PAGE_SIZE - 10, "SWAPSPACE2", 10);
}

struct block_device *memswap_create(u32 npages, u32 seed)
{
	struct memswap *m;

	if (npages < 2 || npages > DIRECT_MAX / PAGE_SIZE)
		return NULL;
	m = kzalloc(sizeof(*m) + npages * sizeof(m->pages[0]));
	if (!m)
		return NULL;
	for (u32 i = 0; i < npages; i++) {
		m->pages[i] = kmalloc(PAGE_SIZE);
		if (!m->pages[i]) {
			memswap_free(m, npages);
			return NULL;
		}
	}
	memswap_format(m->pages[0], npages);
	m->random = seed ? seed : 1;
	m->disk.driver = m;
	block_register(&m->disk, "memswap", npages, &memswap_ops, MEMSWAP_DEPTH);
	return &m->disk;
}
