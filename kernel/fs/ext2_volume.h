/* One mounted ext2 file system: what its files share among themselves. */
#pragma once

#include "kernel/fs/ext2_format.h"
#include "kernel/fs/inode.h"
#include "mm/backing.h"
#include "mm/memobj.h"

struct block_device;

struct ext2_volume {
	struct block_device *disk;
	struct memobj *metadata;    /* the whole disk as pages: tables and indirect blocks */
	u32 blocks, inodes, groups;
	u32 inodes_per_group, inodes_per_block, inode_size;
	u32 first_block;            /* the first that may hold data: behind superblock and group descriptors */
	bool typed_entries;
	u32 complaints;
};

struct ext2_inode {
	struct inode inode;
	struct ext2_volume *volume;
	struct backing backing;     /* maps the file's pages to the disk's */
	struct memobj *object;      /* the file's pages; NULL: not needed yet */
	struct list link;           /* the table of inodes in memory, latest used first */
	u32 block[EXT2_DIRECT + 3];
	char name[];
};

static inline struct ext2_inode *ext2_of(const struct inode *inode)
{
	return container_of(inode, struct ext2_inode, inode);
}

/* Says in words what is wrong with the disk, up to a number of times. => -EIO */
int ext2_damaged(struct ext2_volume *v, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* May BLOCK hold data? */
static inline bool ext2_block_valid(const struct ext2_volume *v, u32 block)
{
	return block >= v->first_block && block < v->blocks;
}

/* A block of metadata, pinned (frame_unpin()). => 0, -EIO, -EINTR; sleeps */
int ext2_metadata(struct ext2_volume *v, u32 block, struct frame **f);

/*
 * Inode INO, found as NAME in PARENT (NULL: the root).
 * => 0 and *OUT with a reference; -EIO (no such inode, or damaged), -ENOMEM, -EINTR; sleeps
 */
int ext2_inode_get(struct ext2_volume *v, u32 ino, struct inode *parent, const char *name, u32 length,
		   struct inode **out);

/* ops.release: the inode stays in the table. */
void ext2_inode_release(struct inode *inode);

/* The object with INODE's pages, made when first needed. => NULL without memory; may sleep */
struct memobj *ext2_memobj(struct inode *inode);

/* ext2_map.c: where the pages of a file lie. Most pages that a file can have. */
extern const struct backing_ops ext2_backing_ops;
#define EXT2_PAGES_MAX (EXT2_DIRECT + EXT2_POINTERS + EXT2_POINTERS * EXT2_POINTERS + \
			EXT2_POINTERS * EXT2_POINTERS * EXT2_POINTERS)

/* ext2_dir.c */
extern const struct inode_ops ext2_inode_ops;
