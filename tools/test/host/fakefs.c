/* fakefs.c: a file system that sleeps while it finds a block, and checks that each request is for blocks of its file. */
#include "fakefs.h"
#include "kernel/base/errno.h"
#include "mm/memobj_file.h"
#include "mm/vmcheck.h"
#include "mm/writeback.h"

#define BLOCKS 400u

struct memobj *fakefs_file;
u32 fakefs_full, fakefs_given;

static struct backing *disk;
static struct backing fs;
static u32 block_of[PAGES]; /* 0: a hole */
static bool taken[BLOCKS];

void fakefs_give(u32 page, u32 block)
{
	CHECK(!block_of[page] && !taken[block]);
	block_of[page] = block;
	taken[block] = true;
	fakefs_given++;
}

void fakefs_cut(u32 end)
{
	for (; end < PAGES; end++) {
		u32 b = block_of[end];

		block_of[end] = 0;
		taken[b] = false;
		if (b)
			*(u32 *)host_disk_page(disk, b) = SECRET;
	}
}

void *fakefs_page(u32 page)
{
	return block_of[page] ? host_disk_page(disk, block_of[page]) : NULL;
}

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
		if (index >= fakefs_file->npages)
			return -ENXIO;
		if (!memobj_file_has(fakefs_file, index))
			return -EAGAIN;
		if (fakefs_full && host_random(fakefs_full) == 0)
			return -ENOSPC;
		found = block_of[index] ? block_of[index] : find_block();
		if (!found)
			return -ENOSPC;
		if (!block_of[index])
			fakefs_give(index, found);
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

void fakefs_boot(u32 limit)
{
	host_boot(1200, limit);
	disk = host_disk(BLOCKS);
	for (u32 i = 0; i < BLOCKS; i++)
		*(u32 *)host_disk_page(disk, i) = SECRET;
	fs = (struct backing){ .ops = &ops, .npages = PAGES, .name = "fake" };
	fakefs_file = memobj_file_create(&fs, PAGES * PAGE_SIZE);
	CHECK(fakefs_file);
	host_at_switch = look;
	host_daemon(no_oom);
}

void fakefs_check(const u32 *words, u32 end)
{
	host_disk_finish_all();
	CHECK(!writeback_needed(fakefs_file));
	for (u32 i = 0; i < end; i++)
		SAME(fakefs_page(i) ? *(u32 *)fakefs_page(i) : 0, words[i]);
}
