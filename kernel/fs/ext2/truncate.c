/*
 * Freeing the blocks of a file from a page on.
 *
 * A block is freed only after the pages that lie in it are gone and their I/O is over: memobj_file_resize() comes first.
 * Numbers are taken out of their table before their blocks are marked free, so that a crash between the two loses blocks,
 * which e2fsck finds, and never lets two files have the same one.
 */
#include "kernel/fs/ext2/volume.h"
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
