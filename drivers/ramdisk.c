/*
 * A disk in a range of physical memory, for the root file system of the ISO.
 *
 * The data is copied when the request starts. Its done function runs in iod all the same, because a
 * submitter relies on it that submit returns before the request is done.
 */
#include "drivers/ramdisk.h"

#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/kmalloc.h"

static void ramdisk_start(struct block_device *d, struct io *io)
{
	u8 *at = (u8 *)d->driver + io->page * PAGE_SIZE;

	for (u32 i = 0; i < io->n; i++, at += PAGE_SIZE) {
		if (io->op == IO_READ)
			memcpy(frame_ptr(io->frames[i]), at, PAGE_SIZE);
		else
			memcpy(at, frame_ptr(io->frames[i]), PAGE_SIZE);
	}
	block_finished(d, io, 0);
}

static const struct block_ops ramdisk_ops = { .start = ramdisk_start };

struct block_device *ramdisk_create(const char *name, paddr_t start, u32 bytes)
{
	struct block_device *d = kzalloc(sizeof(*d));

	ASSERT_CMP(bytes, <=, DIRECT_MAX);
	ASSERT_CMP(start, <=, DIRECT_MAX - bytes);
	if (!d)
		return NULL;
	d->driver = paddr_to_ptr(start);
	block_register(d, name, bytes / PAGE_SIZE, &ramdisk_ops, 1);
	return d;
}
