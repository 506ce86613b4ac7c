/*
 * Extended attributes of ext2. No call here reads them, but a file may have them, in a block that several inodes share and
 * that counts its users. Freeing an inode drops its use of the block; the last one frees the block.
 *
 * Source: Linux, Documentation/filesystems/ext4, "Extended Attributes".
 */
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"

/* Drops one use of the block in F. => was it the last? */
static bool ext2_attributes_drop(struct ext2_inode *i, struct frame *f)
{
	struct ext2_attributes *a = frame_ptr(f);

	if (a->magic != EXT2_ATTRIBUTES_MAGIC || a->blocks != 1) {
		ext2_damaged(i->volume, "block %u holds no attributes of inode %u", i->attributes, i->inode.ino);
		return false;
	}
	if (a->references <= 1)
		return true;
	a->references--;
	f->flags |= FRAME_DIRTY;
	return false;
}

void ext2_attributes_put(struct ext2_inode *i)
{
	struct ext2_volume *v = i->volume;
	u32 block = i->attributes;
	struct frame *f;
	bool last;

	if (!block)
		return;
	if (ext2_alloc_is_table(v, block)) {
		ext2_damaged(v, "inode %u has its attributes in block %u", i->inode.ino, block);
		return;
	}
	if (ext2_metadata(v, block, &f) < 0)
		return;
	last = ext2_attributes_drop(i, f);
	frame_unpin(f);
	i->attributes = 0;
	i->inode.sectors -= MIN(i->inode.sectors, EXT2_BLOCK_SIZE / 512);
	if (!last)
		return;
	memobj_file_forget(v->metadata, block);
	ext2_alloc_free_block(v, block);
}
