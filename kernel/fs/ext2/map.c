/*
 * Where the pages of a file lie on the disk.
 *
 * The first twelve block numbers stand in the inode; the next 1024 in a block of numbers, the next
 * 1024 * 1024 behind two levels of such blocks, the rest behind three. Number 0 anywhere means that
 * nothing was ever written there: a hole, which reads as zeros.
 */
#include "drivers/block.h"
#include "kernel/base/errno.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"

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

/* --- a block for a hole -------------------------------------------------------------------------------------------- */

/* Where a number is missing: in the block PARENT (pinned; NULL: in the inode). */
struct ext2_gap {
	struct ext2_inode *i;
	struct frame *parent;
	u32 *number;
	u32 resized; /* the object's, when the search began: after a change of size the gap is void */
};

static bool ext2_gap_open(const struct ext2_gap *g)
{
	return !*g->number && memobj_file_of(g->i->object)->resized == g->resized;
}

static void ext2_gap_fill(const struct ext2_gap *g, u32 block)
{
	*g->number = block;
	if (g->parent)
		g->parent->flags |= FRAME_DIRTY;
	g->i->inode.sectors += EXT2_BLOCK_SIZE / 512;
	g->i->goal = block + 1;
	g->i->dirty = true;
}

/* A block of numbers, all 0. => 1: look again; -ENOSPC, -EIO, -EINTR */
static int ext2_gap_add_numbers(const struct ext2_gap *g)
{
	struct ext2_volume *v = g->i->volume;
	struct frame *f;
	u32 block;
	int r = ext2_alloc_block(v, g->i->goal, &block);

	if (r < 0)
		return r;
	r = memobj_file_get_new(v->metadata, block, &f);
	if (r == 0)
		frame_unpin(f);
	if (r == 0 && ext2_gap_open(g)) {
		ext2_gap_fill(g, block);
		return 1;
	}
	memobj_file_forget(v->metadata, block);
	ext2_alloc_free_block(v, block);
	return r < 0 ? r : 1;
}

/* The block for page INDEX itself. Decided and done without a sleep: see backing.h. => 0, 1: look again, -EAGAIN, ... */
static int ext2_gap_add_page(const struct ext2_gap *g, u32 index, u32 *block)
{
	struct ext2_inode *i = g->i;
	int r = ext2_alloc_block(i->volume, i->goal, block);

	if (r < 0)
		return r;
	if (index >= i->object->npages)
		r = -ENXIO;
	else if (!ext2_gap_open(g))
		r = 1;
	else if (!memobj_file_has(i->object, index))
		r = -EAGAIN;
	if (r == 0)
		ext2_gap_fill(g, *block);
	else
		ext2_alloc_free_block(i->volume, *block);
	return r;
}

/* => 0 and *BLOCK, the block of page INDEX; 1: came one level nearer; an error */
static int ext2_map_extend(struct ext2_inode *i, u32 index, u32 *block)
{
	u32 way[EXT2_LEVELS], levels = ext2_map_path(index, way), level = 0;
	struct ext2_gap g = { i, NULL, &i->block[way[0]], memobj_file_of(i->object)->resized };
	int r = 0;

	while (r == 0 && *g.number && level + 1 < levels) {
		struct frame *next;

		r = ext2_alloc_is_table(i->volume, *g.number) ? -EIO : ext2_metadata(i->volume, *g.number, &next);
		if (r < 0)
			break;
		if (g.parent)
			frame_unpin(g.parent);
		g.parent = next;
		g.number = (u32 *)frame_ptr(next) + way[++level];
	}
	*block = *g.number;
	if (r == 0 && !*g.number)
		r = level + 1 < levels ? ext2_gap_add_numbers(&g) : ext2_gap_add_page(&g, index, block);
	if (g.parent)
		frame_unpin(g.parent);
	return r;
}

static int ext2_map_create(struct ext2_inode *i, u32 index, u32 *block)
{
	int r;

	if (!i->volume->writable)
		return -EROFS;
	do {
		if (index >= i->object->npages)
			return -ENXIO;
		r = ext2_map_extend(i, index, block);
		if (r == -ENOSPC && ext2_reap(i->volume))
			r = 1;
	} while (r > 0);
	if (r == 0 && ext2_alloc_is_table(i->volume, *block))
		r = ext2_damaged(i->volume, "inode %u, page %u: block %u", i->inode.ino, index, *block);
	return r;
}

static int ext2_map(struct backing *b, u32 index, bool create, u32 *page)
{
	struct ext2_inode *i = container_of(b, struct ext2_inode, backing);
	u32 way[EXT2_LEVELS], levels = ext2_map_path(index, way), block;

	if (create && levels)
		return ext2_map_create(i, index, page);
	if (!levels)
		return -EIO;
	block = i->block[way[0]];
	for (u32 level = 1; block; level++) {
		int r;

		if (ext2_alloc_is_table(i->volume, block))
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

static void ext2_will_write(struct backing *b)
{
	ext2_inode_touch(container_of(b, struct ext2_inode, backing), true);
}

const struct backing_ops ext2_backing_ops = { .will_write = ext2_will_write, .map = ext2_map, .submit = ext2_submit };
