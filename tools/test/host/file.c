/* The page cache of a file: what is read, read ahead, dropped and refused, and what happens to a read whose page is no longer wanted. */
#include "host.h"
#include "kernel/base/errno.h"
#include "mm/kmalloc.h"
#include "mm/memobj_file.h"
#include "mm/policy.h"
#include "mm/vmtrace.h"

#define PAGES 40u

static struct backing *disk;
static struct memobj *obj;
static u32 frames_before;

static void start(u64 size)
{
	host_boot(512, 0);
	kmalloc_trim();
	frames_before = frame_count(FRAME_FREE);
	disk = host_disk(PAGES);
	for (u32 i = 0; i < PAGES; i++)
		memset(host_disk_page(disk, i), (int)(i + 1), PAGE_SIZE);
	obj = memobj_file_create(disk, size);
	CHECK(obj);
}

static void finish(void)
{
	if (obj)
		memobj_unref(obj);
	host_disk_finish_all();
	kmalloc_trim();
	SAME(policy_pageable(), 0);
	SAME(io_in_flight(), 0);
	SAME(frame_count(FRAME_FREE), frames_before);
}

/* => the first and the last byte of page INDEX, or an error */
static int get(u32 index)
{
	struct frame *f;
	int error = memobj_get_pinned(obj, index, false, &f), result;

	if (error)
		return error;
	CHECK(f->state == FRAME_FILE && f->obj == obj && f->index == index);
	result = ((u8 *)frame_ptr(f))[0] | ((u8 *)frame_ptr(f))[PAGE_SIZE - 1] << 8;
	frame_unpin(f);
	return result;
}

static void test_read(void)
{
	start(PAGES * PAGE_SIZE);
	memobj_file_readahead = 0;
	for (u32 i = 0; i < PAGES; i++)
		SAME(get(PAGES - 1 - i), (PAGES - i) * 0x101);
	SAME(vmstat.file_in, PAGES);
	for (u32 i = 0; i < PAGES; i++)
		SAME(get(i), (i + 1) * 0x101);
	SAME(vmstat.file_in, PAGES);
	SAME(get(PAGES), -ENXIO);
	SAME(get(~0u), -ENXIO);
	finish();
}

static void test_readahead(void)
{
	start(PAGES * PAGE_SIZE);
	memobj_file_readahead = 7;
	SAME(get(0), 0x101);
	SAME(vmstat.file_in, 8);
	SAME(get(20), 21 * 0x101);
	SAME(vmstat.file_in, 16);
	SAME(get(16), 17 * 0x101); /* up to the page that is there already */
	SAME(vmstat.file_in, 20);
	SAME(get(PAGES - 2), (PAGES - 1) * 0x101); /* and not beyond the end */
	SAME(vmstat.file_in, 22);
	finish();
}

/* What lies behind the end of the file in its last page reads zero, whatever the disk has there. */
static void test_tail(void)
{
	static const u32 sizes[] = { 1, 2, 4095, 4096, 4097, 8191, 8192, 10000 };
	struct frame *f;

	for (u32 i = 0; i < ARRAY_LEN(sizes); i++) {
		u32 last = (sizes[i] - 1) / PAGE_SIZE, valid = sizes[i] - last * PAGE_SIZE;

		start(sizes[i]);
		SAME(obj->npages, last + 1);
		SAME(get(last + 1), -ENXIO);
		SAME(memobj_get_pinned(obj, last, false, &f), 0);
		for (u32 j = 0; j < PAGE_SIZE; j++)
			SAME(((u8 *)frame_ptr(f))[j], j < valid ? last + 1 : 0);
		frame_unpin(f);
		finish();
	}
	start(0);
	SAME(get(0), -ENXIO);
	finish();
}

static int map_scattered(struct backing *b, u32 index, bool create, u32 *page)
{
	(void)b;
	(void)create;
	if (index == 30)
		return -EIO;
	*page = index % 3 == 2 ? 0 : 1 + (index * 7) % (PAGES - 1); /* every third page is a hole */
	return 0;
}

/* The file system maps each page to a block: scattered, with holes, and one block that cannot be found. */
static void test_map(void)
{
	struct backing_ops ops;

	start(PAGES * PAGE_SIZE);
	ops = *disk->ops;
	ops.map = map_scattered;
	disk->ops = &ops;
	for (u32 i = 0; i < PAGES; i++) {
		if (i == 30)
			SAME(get(i), -EIO);
		else
			SAME(get(i), i % 3 == 2 ? 0 : (2 + i * 7 % (PAGES - 1)) * 0x101);
	}
	finish();
}

static void test_read_fails(void)
{
	start(PAGES * PAGE_SIZE);
	host_disk_fail_every = 1;
	SAME(get(3), -EIO);
	SAME(obj->pages.count, 0);
	host_disk_fail_every = 0;
	SAME(get(3), 4 * 0x101);
	finish();
}

static void test_drop(void)
{
	struct frame *f;

	start(PAGES * PAGE_SIZE);
	for (u32 i = 0; i < PAGES; i++)
		get(i);
	SAME(policy_pageable(), PAGES);
	SAME(memobj_get_pinned(obj, 5, false, &f), 0);
	SAME(memobj_file_drop_all(), PAGES - 1);
	SAME(obj->pages.count, 1);
	frame_unpin(f);
	PANICS("DIRTY", { f->flags |= FRAME_DIRTY; memobj_file_drop(f); });
	SAME(memobj_file_drop_all(), 1);
	SAME(get(7), 8 * 0x101);
	finish();
}

static void reader(void *unused)
{
	struct frame *held = NULL, *f;

	(void)unused;
	SAME(obj->ops->get(obj, 0, false, &f, &held), -EAGAIN);
	CHECK(!obj && held && (held->flags & FRAME_RELEASED));
	frame_unpin(held);
}

static void closer(void *unused)
{
	(void)unused;
	while (!obj->pages.count)
		host_yield();
	SAME(obj->pages.count, 8);
	memobj_unref(obj);
	obj = NULL;
}

/* The last reference goes while pages are read: the completion frees them, or the waiter that has pinned one. */
static void test_destroyed_while_read(void)
{
	start(PAGES * PAGE_SIZE);
	memobj_file_readahead = 7;
	host_disk_hold = true;
	host_thread(reader, NULL, false);
	host_thread(closer, NULL, false);
	host_run();
	finish();
}

const struct host_test file_tests[] = {
	{ "read", test_read },
	{ "read-ahead", test_readahead },
	{ "tail", test_tail },
	{ "map", test_map },
	{ "read fails", test_read_fails },
	{ "drop", test_drop },
	{ "destroyed while read", test_destroyed_while_read },
	{ NULL, NULL },
};
