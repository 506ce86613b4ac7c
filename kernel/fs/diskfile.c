/*
 * /dev/hda, /dev/vda and so on: the disks themselves, without any cache; each call is one request.
 *
 * A disk with the file system or the swap area in use cannot be written, since what is in memory about it must stay valid.
 * Positions and lengths are whole pages, as with O_DIRECT on Linux.
 */
#include "drivers/block.h"
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/devfs.h"
#include "kernel/fs/file.h"
#include "mm/frame.h"
#include "mm/slot.h"
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

/* => bytes that were copied from the user */
static u32 disk_copy_in(struct frame *const *frames, vaddr_t src, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		if (usercopy_in_partial(frame_ptr(frames[i]), src + i * PAGE_SIZE, PAGE_SIZE))
			return i * PAGE_SIZE;
	}
	return n * PAGE_SIZE;
}

/*
 * Takes frames for a request of up to N bytes at POS. => how many, and the disk in *D; 0: at its end; -ENXIO: there is none,
 * -EINVAL: no whole pages, -ENOMEM
 */
static s32 disk_begin(const struct file *f, u32 n, u64 pos, struct block_device **d, struct frame **frames)
{
	u32 left, taken;

	*d = disk_of_inode(f->inode);
	if (!*d)
		return -ENXIO;
	if ((pos | n) & PAGE_MASK)
		return -EINVAL;
	if (pos >> PAGE_SHIFT >= (*d)->backing.npages)
		return 0;
	left = (*d)->backing.npages - (u32)(pos >> PAGE_SHIFT);
	taken = disk_alloc_frames(frames, MIN(MIN(n >> PAGE_SHIFT, IO_MAX), left));
	return taken ? (s32)taken : -ENOMEM;
}

static s32 disk_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	struct frame *frames[IO_MAX];
	struct block_device *d;
	s32 pages = disk_begin(f, n, pos, &d, frames), result;

	if (pages <= 0)
		return pages;
	result = block_read(d, (u32)(pos >> PAGE_SHIFT), pages, frames);
	if (!result)
		result = (s32)disk_copy_out(dst, frames, pages);
	disk_free_frames(frames, pages);
	return result ? result : -EFAULT;
}

static bool disk_is_used(const struct block_device *d)
{
	return d->mounted || slot_backing() == &d->backing;
}

static s32 disk_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	struct frame *frames[IO_MAX];
	struct block_device *d;
	s32 pages = disk_begin(f, n, pos, &d, frames), result = -EFAULT;
	u32 bytes;

	if (pages <= 0)
		return pages ? pages : -ENOSPC;
	bytes = disk_copy_in(frames, src, pages);
	if (bytes && disk_is_used(d)) /* asked when nothing sleeps any more before the request */
		result = -EBUSY;
	else if (bytes)
		result = block_write(d, (u32)(pos >> PAGE_SHIFT), bytes >> PAGE_SHIFT, frames);
	disk_free_frames(frames, pages);
	return result ? result : (s32)bytes;
}

const struct file_ops disk_ops = { .read = disk_read, .write = disk_write };
