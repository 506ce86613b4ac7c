/*
 * Write-back under pressure: tasks that store into shared mappings of one file and write(), truncate, extend and save it,
 * with far fewer frames than pages, on the file system of fakefs.c. What the file must hold is known word by word.
 */
#include "fakefs.h"
#include "kernel/base/thread.h"
#include "mm/addrspace.h"
#include "mm/kmalloc.h"
#include "mm/mapcall.h"
#include "mm/memobj_file.h"
#include "mm/vmcheck.h"
#include "mm/vmtrace.h"
#include "mm/writeback.h"

#define TASKS 4
#define FILE_VA 0x30000000u

static u32 words[PAGES];          /* what the first word of each page must be */
static u32 file_pages;            /* the file ends with a page, or in the middle of the last one */
static bool half_page, changing;
static u32 operations_left, next_value;
static struct waitq changed = WAITQ_INIT(changed);

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
		CHECK(page >= file_pages || fakefs_full);
	}
	unlock();
}

/* As write() does it. */
static void write_word(u32 page)
{
	struct frame *f;

	if (!lock())
		return;
	if (page < file_pages && memobj_get_pinned(fakefs_file, page, true, &f) == 0) {
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
	SAME(memobj_file_resize(fakefs_file, (u64)pages * PAGE_SIZE - (half ? PAGE_SIZE / 2 : 0)), 0);
	for (u32 i = MIN(pages, file_pages); i < PAGES; i++)
		words[i] = 0;
	file_pages = pages;
	half_page = half;
	fakefs_cut(pages);
	unlock();
}

static void save(void)
{
	u32 first = host_random(PAGES);

	writeback_range(fakefs_file, first, first + host_random(PAGES));
	SAME(writeback_error(fakefs_file), 0);
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

static void add_task(u32 label)
{
	struct addrspace *as = addrspace_create(label);

	CHECK(as);
	CHECK(mapcall_mmap(as, FILE_VA, PAGES * PAGE_SIZE, REGION_READ | REGION_WRITE, 7, MAP_SHARED | MAP_FIXED,
			   fakefs_file, 0) == (s32)FILE_VA);
	CHECK(host_thread(body, as, false));
}

/* --- tests --------------------------------------------------------------------------------------------------------- */

static void saver(void *unused)
{
	(void)unused;
	writeback_range(fakefs_file, 0, ~0u);
	SAME(writeback_error(fakefs_file), 0);
}

static void finish(u32 free)
{
	host_run();
	host_thread(saver, NULL, false);
	host_run();
	fakefs_check(words, file_pages);
	if (half_page && fakefs_page(file_pages - 1))
		SAME(((u32 *)fakefs_page(file_pages - 1))[PAGE_SIZE / 4 - 1], 0);
	vmcheck();
	memobj_unref(fakefs_file);
	kmalloc_trim();
	printf("  %u blocks given, %u pages in, %u out in %u runs, %u faults, %u frames taken\n", fakefs_given, vmstat.file_in,
	       vmstat.writeback, vmstat.writeback_runs, vmstat.pgfault, vmstat.evict_file);
	SAME(frame_count(FRAME_FREE), free);
}

static void run(u32 limit, u32 operations)
{
	u32 free;

	fakefs_boot(limit);
	file_pages = PAGES;
	operations_left = host_rounds(operations);
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
	fakefs_full = 4;
	run(40, 200000);
}

const struct host_test writeback_tasks_tests[] = {
	{ "pressure", test_pressure },
	{ "without pressure", test_without_pressure },
	{ "full disk", test_full_disk },
	{ NULL, NULL },
};
