/*
 * An inode on the disk: where it stands, whether what stands there can be true, and how it is read and written.
 */
#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/volume.h"
#include "kernel/fs/file.h"
#include "mm/frame.h"

/* The block and byte where inode INO stands. => 0, -EIO, -EINTR; sleeps */
static int ext2_inode_locate(struct ext2_volume *v, u32 ino, u32 *block, u32 *offset)
{
	u32 group = (ino - 1) / v->inodes_per_group, number = (ino - 1) % v->inodes_per_group;
	struct frame *f;
	int r;

	if (ino == 0 || ino > v->inodes)
		return ext2_damaged(v, "inode %u of %u", ino, v->inodes);
	r = ext2_metadata(v, 1 + group / EXT2_GROUPS_PER_BLOCK, &f);
	if (r < 0)
		return r;
	*block = ((const struct ext2_group *)frame_ptr(f))[group % EXT2_GROUPS_PER_BLOCK].inode_table;
	frame_unpin(f);
	if (!ext2_block_valid(v, *block) || v->blocks - *block < DIV_UP(v->inodes_per_group, v->inodes_per_block))
		return ext2_damaged(v, "group %u has its inodes at block %u", group, *block);
	*block += number / v->inodes_per_block;
	*offset = number % v->inodes_per_block * v->inode_size;
	return 0;
}

/* => 0 or -EIO: numbers that cannot be */
static int ext2_inode_check(struct ext2_volume *v, u32 ino, const struct ext2_dinode *d, u64 size)
{
	if (!d->links || !(d->mode & S_IFMT))
		return ext2_damaged(v, "inode %u is in a directory, but not in use", ino);
	if ((size + EXT2_BLOCK_SIZE - 1) / EXT2_BLOCK_SIZE > EXT2_PAGES_MAX)
		return ext2_damaged(v, "inode %u claims a size that cannot be", ino);
	if ((d->mode & S_IFMT) == S_IFDIR && d->size % EXT2_BLOCK_SIZE)
		return ext2_damaged(v, "directory %u has %u bytes", ino, d->size);
	return ext2_flags_check(v, ino, d->flags);
}

void ext2_inode_set_kind(struct ext2_inode *i)
{
	const struct file_ops *regular = i->volume->writable ? &ext2_file_ops : &ext2_read_only_file_ops;
	struct inode *inode = &i->inode;

	inode->ops = inode_is(inode, S_IFREG) ? &ext2_file_inode_ops : &ext2_inode_ops;
	inode->file_ops = inode_is(inode, S_IFREG) ? regular : inode_is(inode, S_IFDIR) ? &directory_ops : NULL;
	sleeplock_init(&inode->write_lock);
	i->backing = (struct backing){ .ops = &ext2_backing_ops, .name = "ext2 file" };
	i->goal = (inode->ino - 1) / i->volume->inodes_per_group * i->volume->blocks_per_group;
}

/* Fills I from the disk's D. */
static int ext2_inode_fill(struct ext2_inode *i, u32 ino, const struct ext2_dinode *d)
{
	struct inode *inode = &i->inode;
	bool regular = (d->mode & S_IFMT) == S_IFREG;
	u64 size = d->size | (u64)(regular ? d->size_high : 0) << 32;
	int r = ext2_inode_check(i->volume, ino, d, size);

	if (r < 0)
		return r;
	inode->dev = INODE_DEV_EXT2;
	inode->ino = ino;
	inode->mode = d->mode;
	inode->links = d->links;
	inode->uid = d->uid;
	inode->gid = d->gid;
	inode->atime = d->atime;
	inode->mtime = d->mtime;
	inode->ctime = d->ctime;
	inode->size = size;
	inode->sectors = d->sectors;
	inode->flags = ext2_flags_read(d->flags);
	i->attributes = d->attributes;
	memcpy(i->block, d->block, sizeof(i->block));
	ext2_inode_set_kind(i);
	return 0;
}

int ext2_inode_read(struct ext2_inode *i, u32 ino, u32 gone)
{
	u32 block = 0, offset = 0;
	struct frame *f;
	int r = ext2_inode_locate(i->volume, ino, &block, &offset);

	if (r == 0)
		r = ext2_metadata(i->volume, block, &f);
	if (r < 0)
		return r;
	if (i->volume->names_gone != gone)
		r = -EAGAIN;
	else
		r = ext2_inode_fill(i, ino, (const void *)((const u8 *)frame_ptr(f) + offset));
	frame_unpin(f);
	return r;
}

/* --- writing ------------------------------------------------------------------------------------------------------- */

void ext2_inode_touch(struct ext2_inode *i, bool contents)
{
	i->inode.ctime = clock_seconds();
	if (contents)
		i->inode.mtime = i->inode.ctime;
	i->dirty = true;
}

int ext2_touch(struct inode *inode)
{
	if (!ext2_of(inode)->volume->writable)
		return -EROFS;
	ext2_inode_touch(ext2_of(inode), false);
	return 0;
}

static void ext2_inode_pack(const struct ext2_inode *i, struct ext2_dinode *d)
{
	const struct inode *inode = &i->inode;

	if (i->fresh)
		memset(d, 0, i->volume->inode_size);
	d->mode = inode->mode;
	d->uid = inode->uid;
	d->gid = inode->gid;
	d->links = inode->links;
	d->size = (u32)inode->size;
	if (inode_is(inode, S_IFREG))
		d->size_high = inode->size >> 32;
	d->atime = inode->atime;
	d->mtime = inode->mtime;
	d->ctime = inode->ctime;
	d->dtime = inode->links ? 0 : clock_seconds();
	d->sectors = inode->sectors;
	d->flags = inode->flags;
	d->attributes = i->attributes;
	memcpy(d->block, i->block, sizeof(d->block));
}

int ext2_inode_store(struct ext2_inode *i)
{
	u32 block = 0, offset = 0;
	struct frame *f;
	int r = ext2_inode_locate(i->volume, i->inode.ino, &block, &offset);

	if (r == 0)
		r = ext2_metadata(i->volume, block, &f);
	if (r < 0)
		return r;
	ext2_inode_pack(i, (void *)((u8 *)frame_ptr(f) + offset));
	i->dirty = i->fresh = false;
	f->flags |= FRAME_DIRTY;
	frame_unpin(f);
	return 0;
}
