/*
 * Contents of ext2 files: writing, growing, cutting short. (Reading is memfile_read().)
 */
#include "kernel/base/errno.h"
#include "kernel/fs/ext2/volume.h"
#include "kernel/fs/file.h"
#include "kernel/fs/memfile.h"
#include "mm/addrspace.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"

static u32 ext2_pages(u64 size)
{
	return (u32)((size + EXT2_BLOCK_SIZE - 1) / EXT2_BLOCK_SIZE);
}

/* The first size that a file cannot have. */
static u64 ext2_size_limit(const struct ext2_volume *v)
{
	return v->large_files ? MIN((u64)EXT2_PAGES_MAX * EXT2_BLOCK_SIZE, MEMFILE_SIZE_MAX) : (u64)INT32_MAX + 1;
}

int ext2_resize(struct inode *inode, u64 size)
{
	struct ext2_inode *i = ext2_of(inode);
	struct memobj *obj = ext2_memobj(inode);
	int r;

	if (!i->volume->writable)
		return -EROFS;
	if (size >= ext2_size_limit(i->volume))
		return -EFBIG;
	if (!obj)
		return -ENOMEM;
	r = memobj_file_resize(obj, size);
	if (r < 0)
		return r;
	addrspace_truncate(obj);
	inode->size = size;
	ext2_inode_touch(i, true);
	ext2_truncate(i, ext2_pages(size));
	return 0;
}

/* Allocates a block for each page of the file in [FIRST, END) without one. => 0, -ENOSPC, -EIO, -EINTR; sleeps */
static int ext2_fill_holes(struct memobj *obj, u32 first, u32 end)
{
	int r = 0;

	for (u32 index = first; r == 0 && index < end; index++) {
		struct frame *f;

		r = memobj_get_pinned(obj, index, true, &f);
		if (r == 0)
			frame_unpin(f);
	}
	return r;
}

/* There are no blocks behind a file's end, and no way to punch a hole: Linux's ext2 has neither. */
int ext2_allocate(struct inode *inode, u32 mode, u64 offset, u64 length)
{
	struct memobj *obj = ext2_memobj(inode);
	u64 old = inode->size, end = offset + length;
	int r = mode ? -EOPNOTSUPP : obj ? 0 : -ENOMEM;

	if (r == 0 && end > old)
		r = ext2_resize(inode, end);
	if (r < 0)
		return r;
	r = ext2_fill_holes(obj, offset / EXT2_BLOCK_SIZE, ext2_pages(end));
	if (r < 0 && end > old)
		ext2_resize(inode, old); /* can fail if memory is out and the task killed: the file stays longer, with holes */
	return r;
}

/* After a write of which only a part could be done, no page is left behind the end. */
static void ext2_write_cut(struct ext2_inode *i)
{
	if (memobj_file_of(i->object)->size > i->inode.size && memobj_file_resize(i->object, i->inode.size) == 0)
		ext2_truncate(i, ext2_pages(i->inode.size));
}

static int ext2_grow(struct memobj *obj, u64 size)
{
	return memobj_file_resize(obj, size);
}

s32 ext2_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	struct ext2_inode *i = ext2_of(f->inode);
	struct memobj *obj = ext2_memobj(f->inode);
	u64 limit = ext2_size_limit(i->volume) - 1;
	s32 r;

	if (!i->volume->writable)
		return -EROFS;
	if (!obj)
		return -ENOMEM;
	if (pos >= limit)
		return -EFBIG;
	n = MIN(n, limit - pos);
	ext2_inode_touch(i, true); /* before anything is copied, as on Linux, where it happens for an unreadable buffer too */
	r = memfile_write_pages(f->inode, obj, src, n, pos, ext2_grow);
	i->dirty |= r > 0; /* it may have been saved with an older size while copying slept */
	ext2_write_cut(i);
	if (r > 0 && ((f->flags & O_DSYNC) || (f->inode->flags & INODE_SYNC))) {
		int error = ext2_fsync(f->inode);

		r = error ? error : r;
	}
	return r;
}
