/*
 * Contents of ext2 files: writing, growing, cutting short.
 *
 * A block is given back only after the pages that lie in it are gone and their I/O is over: memobj_file_resize() comes
 * first. Numbers are taken out of their table before their blocks are marked free, so that a crash between the two loses
 * blocks, which e2fsck finds, and never lets two files have the same one.
 */
#include "kernel/base/errno.h"
#include "kernel/fs/ext2/ext2.h"
#include "kernel/fs/ext2/volume.h"
#include "kernel/fs/file.h"
#include "kernel/fs/memfile.h"
#include "mm/addrspace.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"

/* A table of N numbers: the inode's, or (PINNED) a block of them. Behind each lie 1024^LEVEL pages. */
struct ext2_numbers {
	u32 *number;
	u32 n, level;
	struct frame *pinned;
};

static void ext2_free_numbers(struct ext2_inode *i, const struct ext2_numbers *t, u32 first);

/* The pages from FIRST on that lie behind BLOCK, a block of numbers. => false: it cannot be read */
static bool ext2_free_branch(struct ext2_inode *i, u32 block, u32 level, u32 first)
{
	struct ext2_numbers t = { .n = EXT2_POINTERS, .level = level };

	if (ext2_metadata(i->volume, block, &t.pinned) < 0)
		return false;
	t.number = frame_ptr(t.pinned);
	ext2_free_numbers(i, &t, first);
	frame_unpin(t.pinned);
	return true;
}

static void ext2_free_number(struct ext2_inode *i, const struct ext2_numbers *t, u32 which)
{
	u32 block = t->number[which];

	t->number[which] = 0;
	if (t->pinned)
		t->pinned->flags |= FRAME_DIRTY;
	i->inode.sectors -= MIN(i->inode.sectors, EXT2_BLOCK_SIZE / 512);
	i->dirty = true;
	if (t->level && !ext2_alloc_is_table(i->volume, block)) /* what an inode that lies points at is still in use */
		memobj_file_forget(i->volume->metadata, block);
	ext2_alloc_free_block(i->volume, block);
}

static void ext2_free_numbers(struct ext2_inode *i, const struct ext2_numbers *t, u32 first)
{
	u32 span = 1;

	for (u32 l = 0; l < t->level; l++)
		span *= EXT2_POINTERS;
	for (u32 which = first / span; which < t->n; which++) {
		u32 block = t->number[which], rest = which == first / span ? first % span : 0;

		if (!block)
			continue;
		if (ext2_alloc_is_table(i->volume, block)) {
			ext2_damaged(i->volume, "inode %u has block %u", i->inode.ino, block);
			continue;
		}
		if (t->level && !ext2_free_branch(i, block, t->level - 1, rest))
			continue;
		if (!rest)
			ext2_free_number(i, t, which);
	}
}

void ext2_truncate(struct ext2_inode *i, u32 first)
{
	struct ext2_numbers t = { .number = i->block, .n = EXT2_DIRECT };
	u32 base = EXT2_DIRECT, span = 1;

	ext2_free_numbers(i, &t, MIN(first, EXT2_DIRECT));
	for (t.n = t.level = 1; t.level <= 3; t.level++) {
		t.number = &i->block[EXT2_DIRECT + t.level - 1];
		span *= EXT2_POINTERS;
		if (first < base + span)
			ext2_free_numbers(i, &t, first > base ? first - base : 0);
		base += span;
	}
}

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
	addrspace_cut(obj);
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

static s32 ext2_write(struct file *f, vaddr_t src, u32 n, u64 pos)
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

const struct file_ops ext2_file_ops = { .read = memfile_read, .write = ext2_write };
const struct file_ops ext2_read_only_file_ops = { .read = memfile_read };
