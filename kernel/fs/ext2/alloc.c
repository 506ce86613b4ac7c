/*
 * The bitmaps of ext2: which blocks and inodes are in use.
 *
 * A bitmap is read, which may sleep; then a clear bit is found, set and counted without sleeping, so no lock is needed,
 * and a page fault may come here for a hole's block. A caller that cannot use what it got frees it again.
 *
 * Superblock and group descriptors stay in memory while the disk is mounted: they are few and used all the time.
 */
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"

/* One of the two bitmaps of a group. */
struct ext2_bitmap {
	u32 block; /* where it lies */
	u32 n;     /* bits that mean something */
};

static struct ext2_super *ext2_super_change(struct ext2_volume *v)
{
	v->super->flags |= FRAME_DIRTY;
	return ext2_super_of(v);
}

static struct ext2_group *ext2_alloc_group(struct ext2_volume *v, u32 group)
{
	struct frame *f = v->groups_at[group / EXT2_GROUPS_PER_BLOCK];

	ASSERT_CMP(group, <, v->groups);
	return (struct ext2_group *)frame_ptr(f) + group % EXT2_GROUPS_PER_BLOCK;
}

static void ext2_group_changed(struct ext2_volume *v, u32 group)
{
	v->groups_at[group / EXT2_GROUPS_PER_BLOCK]->flags |= FRAME_DIRTY;
}

static struct ext2_bitmap ext2_block_bitmap(struct ext2_volume *v, u32 group)
{
	return (struct ext2_bitmap){ .block = ext2_alloc_group(v, group)->block_bitmap,
				     .n = MIN(v->blocks_per_group, v->blocks - group * v->blocks_per_group) };
}

static struct ext2_bitmap ext2_inode_bitmap(struct ext2_volume *v, u32 group)
{
	return (struct ext2_bitmap){ .block = ext2_alloc_group(v, group)->inode_bitmap, .n = v->inodes_per_group };
}

static int ext2_bitmap_get(struct ext2_volume *v, const struct ext2_bitmap *b, struct frame **f)
{
	if (!ext2_block_valid(v, b->block))
		return ext2_damaged(v, "a bitmap at block %u", b->block);
	return ext2_metadata(v, b->block, f);
}

/* => a clear bit of the N, at FROM or later if there is one, else before; N: all are set */
static u32 ext2_bitmap_find(const u32 *bits, u32 from, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		u32 bit = from + i < n ? from + i : from + i - n;

		if (bits[bit / 32] == ~0u && bit % 32 == 0 && bit + 32 <= n) {
			i += 31;
			continue;
		}
		if (!(bits[bit / 32] & (1u << bit % 32)))
			return bit;
	}
	return n;
}

/* Sets a clear bit of B, FROM or later preferred. => 0 and *BIT; -ENOSPC, -EIO, -EINTR; sleeps only before */
static int ext2_bitmap_take(struct ext2_volume *v, const struct ext2_bitmap *b, u32 from, u32 *bit)
{
	struct frame *f;
	int r = ext2_bitmap_get(v, b, &f);
	u32 *bits;

	if (r < 0)
		return r;
	bits = frame_ptr(f);
	*bit = ext2_bitmap_find(bits, from < b->n ? from : 0, b->n);
	if (*bit == b->n) {
		r = -ENOSPC;
	} else {
		bits[*bit / 32] |= 1u << *bit % 32;
		f->flags |= FRAME_DIRTY;
	}
	frame_unpin(f);
	return r;
}

/* => false: it was clear already, or cannot be reached */
static bool ext2_bitmap_clear(struct ext2_volume *v, const struct ext2_bitmap *b, u32 bit)
{
	struct frame *f;
	bool was_set;
	u32 *bits;

	if (ext2_bitmap_get(v, b, &f) < 0)
		return false;
	bits = frame_ptr(f);
	was_set = bits[bit / 32] & (1u << bit % 32);
	bits[bit / 32] &= ~(1u << bit % 32);
	f->flags |= FRAME_DIRTY;
	frame_unpin(f);
	if (!was_set)
		ext2_damaged(v, "bit %u of the bitmap at block %u was free already", bit, b->block);
	return was_set;
}

/* A bitmap that lies must not make a table of its own group a file's block. */
bool ext2_alloc_is_table(struct ext2_volume *v, u32 block)
{
	const struct ext2_group *g;

	if (!ext2_block_valid(v, block))
		return true;
	if (!v->writable)
		return false;
	g = ext2_alloc_group(v, block / v->blocks_per_group);
	return block == g->block_bitmap || block == g->inode_bitmap ||
	       block - g->inode_table < DIV_UP(v->inodes_per_group, v->inodes_per_block);
}

int ext2_alloc_block(struct ext2_volume *v, u32 goal, u32 *block)
{
	u32 first = goal < v->blocks ? goal / v->blocks_per_group : 0;

	for (u32 i = 0; i < v->groups; i++) {
		u32 group = (first + i) % v->groups, bit;
		struct ext2_bitmap b = ext2_block_bitmap(v, group);
		int r = -ENOSPC;

		if (ext2_alloc_group(v, group)->free_blocks)
			r = ext2_bitmap_take(v, &b, i ? 0 : goal % v->blocks_per_group, &bit);
		if (r == -ENOSPC)
			continue;
		if (r < 0)
			return r;
		*block = group * v->blocks_per_group + bit;
		if (ext2_alloc_is_table(v, *block))
			return ext2_damaged(v, "block %u is not free", *block);
		ext2_alloc_group(v, group)->free_blocks--;
		ext2_group_changed(v, group);
		ext2_super_change(v)->free_blocks--;
		return 0;
	}
	return -ENOSPC;
}

void ext2_alloc_free_block(struct ext2_volume *v, u32 block)
{
	u32 group = block / v->blocks_per_group;
	struct ext2_bitmap b;

	if (ext2_alloc_is_table(v, block)) {
		ext2_damaged(v, "block %u belongs to no file", block);
		return;
	}
	b = ext2_block_bitmap(v, group);
	if (!ext2_bitmap_clear(v, &b, block % v->blocks_per_group))
		return;
	ext2_alloc_group(v, group)->free_blocks++;
	ext2_group_changed(v, group);
	ext2_super_change(v)->free_blocks++;
}

static void ext2_count_inode(struct ext2_volume *v, u32 group, bool directory, int change)
{
	struct ext2_group *g = ext2_alloc_group(v, group);

	g->free_inodes -= change;
	g->directories += directory ? change : 0;
	ext2_super_change(v)->free_inodes -= change;
	ext2_group_changed(v, group);
}

int ext2_alloc_inode(struct ext2_volume *v, u32 near, bool directory, u32 *ino)
{
	u32 first = (near - 1) / v->inodes_per_group;

	for (u32 i = 0; i < v->groups; i++) {
		u32 group = (first + i) % v->groups, bit;
		struct ext2_bitmap b = ext2_inode_bitmap(v, group);
		int r = -ENOSPC;

		if (ext2_alloc_group(v, group)->free_inodes)
			r = ext2_bitmap_take(v, &b, group ? 0 : v->first_ino - 1, &bit);
		if (r == -ENOSPC)
			continue;
		if (r < 0)
			return r;
		*ino = group * v->inodes_per_group + bit + 1;
		if (*ino < v->first_ino)
			return ext2_damaged(v, "inode %u is not free", *ino);
		ext2_count_inode(v, group, directory, 1);
		return 0;
	}
	return -ENOSPC;
}

void ext2_alloc_free_inode(struct ext2_volume *v, u32 ino, bool directory)
{
	u32 group = (ino - 1) / v->inodes_per_group;
	struct ext2_bitmap b = ext2_inode_bitmap(v, group);

	if (ext2_bitmap_clear(v, &b, (ino - 1) % v->inodes_per_group))
		ext2_count_inode(v, group, directory, -1);
}
