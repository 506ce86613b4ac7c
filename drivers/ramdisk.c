/*
 * A disk in a range of physical memory, so that the ISO alone has a root.
 *
 * The copy is made when the request starts; its done function still runs in iod like any other
 * disk's, because who submits counts on it that submit returns first.
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
