/*
 * /dev/hda, /dev/vda and so on: the disks themselves, without any cache; each call is one request.
 *
 * Read-only, since what a file system or the swap area keeps in memory about its disk must stay valid. Positions and
 * lengths are whole pages, as with O_DIRECT on Linux.
 */
#include "drivers/block.h"
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/devfs.h"
#include "kernel/fs/file.h"
#include "mm/frame.h"
#include "mm/usercopy.h"

struct block_device *disk_of_inode(const struct inode *inode)
{
	const char *name = inode_is(inode, S_IFBLK) && inode->dev == INODE_DEV_DEVFS ? inode->name : NULL;
	struct block_device *d;

	if (!name)
		return NULL;
	list_for_each(d, &block_devices, link)
		if (strcmp(d->backing.name, name) == 0)
			return d;
	return NULL;
}

static void disk_free_frames(struct frame **frames, u32 n)
{
	while (n > 0)
		frame_free(frames[--n]);
}

/* => how many of N frames were allocated */
static u32 disk_alloc_frames(struct frame **frames, u32 n)
{
	u32 taken = 0;

	while (taken < n && (frames[taken] = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL)))
		taken++;
	return taken;
}

/* => bytes that were copied to the user */
static u32 disk_copy_out(vaddr_t dst, struct frame *const *frames, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		u32 left = usercopy_out_partial(dst + i * PAGE_SIZE, frame_ptr(frames[i]), PAGE_SIZE);

		if (left)
			return (i + 1) * PAGE_SIZE - left;
	}
	return n * PAGE_SIZE;
}

static s32 disk_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	struct block_device *d = disk_of_inode(f->inode);
	u32 page = (u32)(pos >> PAGE_SHIFT), pages;
	struct frame *frames[IO_MAX];
	s32 result;

	if (!d)
		return -ENXIO;
	if ((pos | n) & PAGE_MASK)
		return -EINVAL;
	if (pos >> PAGE_SHIFT >= d->backing.npages)
		return 0;
	pages = disk_alloc_frames(frames, MIN(MIN(n >> PAGE_SHIFT, IO_MAX), d->backing.npages - page));
	if (!pages)
		return -ENOMEM;
	result = block_read(d, page, pages, frames);
	if (!result)
		result = (s32)disk_copy_out(dst, frames, pages);
	disk_free_frames(frames, pages);
	return result ? result : -EFAULT;
}

const struct file_ops disk_ops = { .read = disk_read };
