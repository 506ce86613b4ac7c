/* Write-back, one case at a time: what is written in how many requests, errors, and stores behind the end of the file. */
#include "fakefs.h"
#include "kernel/base/errno.h"
#include "mm/memobj_file.h"
#include "mm/policy.h"
#include "mm/vmtrace.h"
#include "mm/writeback.h"

/* A disk that fails: nothing is lost, the error is reported, and once it works again all is written. */
static void write_fails(void *unused)
{
	struct frame *f;
	u32 words[PAGES];

	(void)unused;
	for (u32 i = 0; i < PAGES; i++) {
		SAME(memobj_get_pinned(fakefs_file, i, true, &f), 0);
		words[i] = *(u32 *)frame_ptr(f) = i + 1;
		frame_unpin(f);
	}
	host_disk_fail_every = 1;
	writeback_range(fakefs_file, 0, PAGES);
	SAME(writeback_error(fakefs_file), -EIO);
	SAME(writeback_error(fakefs_file), 0);
	for (u32 i = 0; i < PAGES; i++)
		CHECK(((struct frame *)pagemap_find(&fakefs_file->pages, i))->flags & FRAME_DIRTY);
	CHECK(!policy_victim(NULL));
	host_disk_fail_every = 3;
	for (u32 i = 0; i < 40; i++)
		writeback_range(fakefs_file, 0, PAGES);
	writeback_error(fakefs_file);
	host_disk_fail_every = 0;
	writeback_range(fakefs_file, 0, PAGES);
	SAME(writeback_error(fakefs_file), 0);
	fakefs_check(words, PAGES);
	CHECK(policy_victim(NULL));
	memobj_unref(fakefs_file);
}

/* Stores behind the end never reach the disk, and are gone when the file grows over them. */
static void tail(void *unused)
{
	struct frame *f;

	(void)unused;
	SAME(memobj_file_resize(fakefs_file, 100), 0);
	SAME(memobj_get_pinned(fakefs_file, 0, true, &f), 0);
	memset(frame_ptr(f), 'x', PAGE_SIZE);
	writeback_range(fakefs_file, 0, 1);
	for (u32 i = 0; i < PAGE_SIZE; i++)
		SAME(((char *)fakefs_page(0))[i], i < 100 ? 'x' : 0);
	memset(frame_ptr(f), 'y', PAGE_SIZE);
	frame_unpin(f);
	SAME(memobj_file_resize(fakefs_file, 2 * PAGE_SIZE), 0);
	for (u32 i = 0; i < PAGE_SIZE; i++)
		SAME(((char *)frame_ptr(f))[i], i < 100 ? 'y' : 0);
	SAME(memobj_file_resize(fakefs_file, 50), 0);
	SAME(fakefs_file->npages, 1);
	for (u32 i = 0; i < PAGE_SIZE; i++)
		SAME(((char *)frame_ptr(f))[i], i < 50 ? 'y' : 0);
	writeback_range(fakefs_file, 0, 1);
	memobj_unref(fakefs_file);
}

/* Only dirty pages are written, neighbours in one request. */
static void runs(void *unused)
{
	struct frame *f;

	(void)unused;
	for (u32 i = 0; i < PAGES; i++) {
		fakefs_give(i, 10 + i);
		SAME(memobj_get_pinned(fakefs_file, i, i % 64 < 40, &f), 0);
		f->flags |= i % 64 < 40 ? FRAME_DIRTY : 0;
		frame_unpin(f);
	}
	writeback_range(fakefs_file, 0, PAGES);
	SAME(vmstat.writeback, 2 * 40 + 32);
	SAME(vmstat.writeback_runs, 2 * 2 + 1);
	writeback_range(fakefs_file, 0, PAGES);
	SAME(vmstat.writeback_runs, 5);
	memobj_unref(fakefs_file);
}

/* What sleeps must run in a thread. */
static void run_alone(void (*test)(void *))
{
	fakefs_boot(0);
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
	{ "write fails", test_write_fails },
	{ "tail", test_tail },
	{ "runs", test_runs },
	{ NULL, NULL },
};
