/*
 * Write-back under pressure: tasks that store into shared mappings of one file and write(), truncate, extend and save it,
 * with far fewer frames than pages, a file system whose blocks are given out on demand and whose disk is late. What the
 * file must hold is known word by word; blocks that were given back hold another file's secret, which must not be seen.
 */
#include "host.h"
#include "kernel/base/errno.h"
#include "kernel/base/thread.h"
#include "mm/addrspace.h"
#include "mm/anon.h"
#include "mm/kmalloc.h"
#include "mm/mapcall.h"
#include "mm/memobj_file.h"
#include "mm/policy.h"
#include "mm/slot.h"
#include "mm/vmcheck.h"
#include "mm/vmtrace.h"
#include "mm/writeback.h"

#define PAGES 160u
#define BLOCKS 400u
#define TASKS 4
#define FILE_VA 0x30000000u
#define SECRET 0x5EC2E7u

static struct backing *disk;
static struct backing fs;
static struct memobj *obj;
static u32 block_of[PAGES];       /* the file system's truth; 0: a hole */
static bool taken[BLOCKS];
static u32 words[PAGES];          /* what the first word of each page must be */
static u32 file_pages;            /* the file ends with a page, or in the middle of the last one */
static bool half_page, changing;
static u32 operations_left, next_value, full_disk, blocks_given;
static struct waitq changed = WAITQ_INIT(changed);

/* --- a file system ------------------------------------------------------------------------------------------------- */

static u32 find_block(void)
{
	for (u32 tries = 0; tries < 4 * BLOCKS; tries++) {
		u32 b = 1 + host_random(BLOCKS - 1);

		if (!taken[b])
			return b;
	}
	return 0;
}

static int map(struct backing *b, u32 index, bool create, u32 *block)
{
	(void)b;
	if (host_random(3) == 0)
		host_yield();
	if (create && !block_of[index]) {
		u32 found;

		host_yield(); /* the bitmap is read */
		if (index >= obj->npages)
			return -ENXIO;
		if (!memobj_file_has(obj, index))
			return -EAGAIN;
		if (full_disk && host_random(full_disk) == 0)
			return -ENOSPC;
		found = block_of[index] ? block_of[index] : find_block();
		if (!found)
			return -ENOSPC;
		blocks_given += !block_of[index];
		taken[found] = true;
		block_of[index] = found;
	}
	*block = index < PAGES ? block_of[index] : 0;
	return 0;
}

static void submit(struct backing *b, struct io *io)
{
	(void)b;
	for (u32 i = 0; i < io->n; i++)
		CHECK(taken[io->page + i]); /* no I/O to a block that is not the file's any more */
	disk->ops->submit(disk, io);
}

static const struct backing_ops ops = { .map = map, .submit = submit };

static void free_blocks_from(u32 index)
{
	for (; index < PAGES; index++) {
		u32 b = block_of[index];

		block_of[index] = 0;
		taken[b] = false;
		if (b)
			*(u32 *)host_disk_page(disk, b) = SECRET;
	}
}

/* --- a task -------------------------------------------------------------------------------------------------------- */

static bool lock(void)
{
	while (changing)
		if (!wait_on_killable(&changed))
			return false;
	changing = true;
	return true;
}

static void unlock(void)
{
	changing = false;
	wake_all(&changed);
}

static vaddr_t word_at(u32 page)
{
	return FILE_VA + page * PAGE_SIZE;
}

/* The file may be cut short while this task sleeps: then it may be refused. */
static void load_word(struct addrspace *as, u32 page)
{
	u32 value;

	if (!host_load(as, word_at(page), &value)) {
		CHECK(page >= file_pages || changing);
		return;
	}
	CHECK(value != SECRET);
	if (page < file_pages && !changing && value != words[page])
		host_fail(__FILE__, __LINE__, "page %u holds %u, not %u", page, value, words[page]);
}

static void store_word(struct addrspace *as, u32 page)
{
	u32 value = ++next_value;

	if (!lock())
		return;
	if (host_store(as, word_at(page), value)) {
		CHECK(page < file_pages);
		words[page] = value;
	} else {
		CHECK(page >= file_pages || full_disk);
	}
	unlock();
}

/* As write() does it. */
static void write_word(u32 page)
{
	struct frame *f;

	if (!lock())
		return;
	if (page < file_pages && memobj_get_pinned(obj, page, true, &f) == 0) {
		words[page] = *(u32 *)frame_ptr(f) = ++next_value;
		f->flags |= FRAME_DIRTY;
		frame_unpin(f);
	}
	unlock();
}

static void resize(u32 pages, bool half)
{
	if (!lock())
		return;
	SAME(memobj_file_resize(obj, (u64)pages * PAGE_SIZE - (half ? PAGE_SIZE / 2 : 0)), 0);
	for (u32 i = MIN(pages, file_pages); i < PAGES; i++)
		words[i] = 0;
	file_pages = pages;
	half_page = half;
	free_blocks_from(pages);
	unlock();
}

static void save(void)
{
	u32 first = host_random(PAGES);

	writeback_range(obj, first, first + host_random(PAGES));
	SAME(writeback_error(obj), 0);
}

static void operate(struct addrspace *as)
{
	u32 page = host_random(PAGES), chance = host_random(1000);

	if (chance < 450)
		load_word(as, page);
	else if (chance < 850)
		store_word(as, page);
	else if (chance < 970)
		write_word(page);
	else if (chance < 990)
		save();
	else
		resize(PAGES / 4 + host_random(PAGES * 3 / 4), host_random(2));
}

static void body(void *argument)
{
	struct addrspace *as = argument;

	while (operations_left) {
		operations_left--;
		host_enter(as);
		operate(as);
		if (host_random(8) == 0)
			host_yield();
	}
	addrspace_destroy(as);
}

static void no_oom(bool crowded)
{
	(void)crowded;
	CHECK(!"memory is out");
}

static void look(void)
{
	static u32 switches;

	if (++switches % 256 == 0)
		vmcheck();
}

static void add_task(u32 label)
{
	struct addrspace *as = addrspace_create(label);

	CHECK(as);
	CHECK(mapcall_mmap(as, FILE_VA, PAGES * PAGE_SIZE, REGION_READ | REGION_WRITE, 7, MAP_SHARED | MAP_FIXED, obj, 0) ==
	      (s32)FILE_VA);
	CHECK(host_thread(body, as, false));
}

static void start(u32 limit, u32 operations)
{
	host_boot(1200, limit);
	disk = host_disk(BLOCKS);
	for (u32 i = 0; i < BLOCKS; i++)
		*(u32 *)host_disk_page(disk, i) = SECRET;
	fs = (struct backing){ .ops = &ops, .npages = PAGES, .name = "fake" };
	file_pages = PAGES;
	obj = memobj_file_create(&fs, PAGES * PAGE_SIZE);
	CHECK(obj);
	operations_left = host_rounds(operations);
	host_at_switch = look;
	host_daemon(no_oom);
}

/* On the disk stands what was stored, and nothing is dirty any more. */
static void check_disk(void)
{
	host_disk_finish_all();
	CHECK(!writeback_needed(obj));
	for (u32 i = 0; i < file_pages; i++)
		SAME(block_of[i] ? *(u32 *)host_disk_page(disk, block_of[i]) : 0, words[i]);
	if (half_page && block_of[file_pages - 1])
		SAME(((u32 *)host_disk_page(disk, block_of[file_pages - 1]))[PAGE_SIZE / 4 - 1], 0);
}

static void saver(void *unused)
{
	(void)unused;
	writeback_range(obj, 0, ~0u);
	SAME(writeback_error(obj), 0);
}

static void finish(u32 free)
{
	host_run();
	host_thread(saver, NULL, false);
	host_run();
	check_disk();
	vmcheck();
	memobj_unref(obj);
	kmalloc_trim();
	printf("  %u blocks given, %u pages in, %u out in %u runs, %u faults, %u frames taken\n", blocks_given, vmstat.file_in,
	       vmstat.writeback, vmstat.writeback_runs, vmstat.pgfault, vmstat.evict_file);
	SAME(frame_count(FRAME_FREE), free);
}

static void run(u32 limit, u32 operations)
{
	u32 free;

	start(limit, operations);
	kmalloc_trim();
	free = frame_count(FRAME_FREE) + 1; /* that the object's own slab takes */
	for (u32 i = 0; i < TASKS; i++)
		add_task(i + 1);
	finish(free);
}

static void test_pressure(void)
{
	run(40, 400000);
	CHECK(vmstat.writeback > 10000 && vmstat.evict_file > 10000);
}

static void test_without_pressure(void)
{
	run(0, 200000);
}

static void test_full_disk(void)
{
	full_disk = 4;
	run(40, 200000);
}

/* A disk that fails: nothing is lost, the error is reported, and once it works again all is written. */
static void write_fails(void *unused)
{
	struct frame *f;

	(void)unused;
	for (u32 i = 0; i < PAGES; i++) {
		SAME(memobj_get_pinned(obj, i, true, &f), 0);
		words[i] = *(u32 *)frame_ptr(f) = i + 1;
		frame_unpin(f);
	}
	host_disk_fail_every = 1;
	writeback_range(obj, 0, PAGES);
	SAME(writeback_error(obj), -EIO);
	SAME(writeback_error(obj), 0);
	for (u32 i = 0; i < PAGES; i++)
		CHECK(((struct frame *)pagemap_find(&obj->pages, i))->flags & FRAME_DIRTY);
	CHECK(!policy_victim(NULL));
	host_disk_fail_every = 3;
	for (u32 i = 0; i < 40; i++)
		writeback_range(obj, 0, PAGES);
	writeback_error(obj);
	host_disk_fail_every = 0;
	writeback_range(obj, 0, PAGES);
	SAME(writeback_error(obj), 0);
	check_disk();
	CHECK(policy_victim(NULL));
	memobj_unref(obj);
}

/* Stores behind the end never reach the disk, and are gone when the file grows over them. */
static void tail(void *unused)
{
	struct frame *f;

	(void)unused;
	SAME(memobj_file_resize(obj, 100), 0);
	SAME(memobj_get_pinned(obj, 0, true, &f), 0);
	memset(frame_ptr(f), 'x', PAGE_SIZE);
	writeback_range(obj, 0, 1);
	for (u32 i = 0; i < PAGE_SIZE; i++)
		SAME(((char *)host_disk_page(disk, block_of[0]))[i], i < 100 ? 'x' : 0);
	memset(frame_ptr(f), 'y', PAGE_SIZE);
	frame_unpin(f);
	SAME(memobj_file_resize(obj, 2 * PAGE_SIZE), 0);
	for (u32 i = 0; i < PAGE_SIZE; i++)
		SAME(((char *)frame_ptr(f))[i], i < 100 ? 'y' : 0);
	SAME(memobj_file_resize(obj, 50), 0);
	SAME(obj->npages, 1);
	for (u32 i = 0; i < PAGE_SIZE; i++)
		SAME(((char *)frame_ptr(f))[i], i < 50 ? 'y' : 0);
	writeback_range(obj, 0, 1);
	memobj_unref(obj);
}

/* Only dirty pages are written, neighbours in one request. */
static void runs(void *unused)
{
	struct frame *f;

	(void)unused;
	for (u32 i = 0; i < PAGES; i++) {
		block_of[i] = 10 + i;
		taken[10 + i] = true;
		SAME(memobj_get_pinned(obj, i, i % 64 < 40, &f), 0);
		f->flags |= i % 64 < 40 ? FRAME_DIRTY : 0;
		frame_unpin(f);
	}
	writeback_range(obj, 0, PAGES);
	SAME(vmstat.writeback, 2 * 40 + 32);
	SAME(vmstat.writeback_runs, 2 * 2 + 1);
	writeback_range(obj, 0, PAGES);
	SAME(vmstat.writeback_runs, 5);
	memobj_unref(obj);
}

/* What sleeps must run in a thread. */
static void run_alone(void (*test)(void *))
{
	start(0, 0);
	host_thread(test, NULL, false);
	host_run();
}

static void test_write_fails(void)
{
	run_alone(write_fails);
}

static void test_tail(void)
{
	run_alone(tail);
}

static void test_runs(void)
{
	run_alone(runs);
}

const struct host_test writeback_tests[] = {
	{ "pressure", test_pressure },
	{ "without pressure", test_without_pressure },
	{ "full disk", test_full_disk },
	{ "write fails", test_write_fails },
	{ "tail", test_tail },
	{ "runs", test_runs },
	{ NULL, NULL },
};
