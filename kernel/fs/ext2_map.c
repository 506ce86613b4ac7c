/*
 * Where the pages of a file lie on the disk.
 *
 * The first twelve block numbers stand in the inode; the next 1024 in a block of numbers, the next
 * 1024 * 1024 behind two levels of such blocks, the rest behind three. Number 0 anywhere means that
 * nothing was ever written there: a hole, which reads as zeros.
 */
#include "drivers/block.h"
#include "kernel/base/errno.h"
#include "kernel/fs/ext2_volume.h"
#include "mm/frame.h"

#define EXT2_LEVELS 4

/* The way from the inode to page INDEX: which number to follow at each level. => levels, 0: beyond what can be */
static u32 ext2_map_path(u32 index, u32 *way)
{
	u32 span = 1, levels = 0;

	if (index < EXT2_DIRECT) {
		way[0] = index;
		return 1;
	}
	index -= EXT2_DIRECT;
	/* Through LEVELS blocks of numbers SPAN pages can be reached. */
	do {
		if (++levels == EXT2_LEVELS)
			return 0;
		span *= EXT2_POINTERS;
		if (index < span)
			break;
		index -= span;
	} while (true);
	way[0] = EXT2_DIRECT + levels - 1;
	for (u32 i = 1; i <= levels; i++) {
		span /= EXT2_POINTERS;
		way[i] = index / span % EXT2_POINTERS;
	}
	return levels + 1;
}

/* Number WHICH in the indirect block *BLOCK replaces it. => 0, -EIO, -EINTR */
static int ext2_map_step(struct ext2_volume *v, u32 *block, u32 which)
{
	struct frame *f;
	int r = ext2_metadata(v, *block, &f);

	if (r < 0)
		return r;
	*block = ((const u32 *)frame_ptr(f))[which];
	frame_unpin(f);
	return 0;
}

static int ext2_map(struct backing *b, u32 index, bool create, u32 *page)
{
	const struct ext2_inode *i = container_of(b, struct ext2_inode, backing);
	u32 way[EXT2_LEVELS], levels = ext2_map_path(index, way), block;

	if (create)
		return -EROFS;
	if (!levels)
		return -EIO;
	block = i->block[way[0]];
	for (u32 level = 1; block; level++) {
		int r;

		if (!ext2_block_valid(i->volume, block))
			return ext2_damaged(i->volume, "inode %u, page %u: block %u", i->inode.ino, index, block);
		if (level == levels)
			break;
		r = ext2_map_step(i->volume, &block, way[level]);
		if (r < 0)
			return r;
	}
	*page = block;
	return 0;
}

static void ext2_submit(struct backing *b, struct io *io)
{
	const struct ext2_inode *i = container_of(b, struct ext2_inode, backing);
	struct backing *disk = &i->volume->disk->backing;

	disk->ops->submit(disk, io);
}

const struct backing_ops ext2_backing_ops = { .map = ext2_map, .submit = ext2_submit };
