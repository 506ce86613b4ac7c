/*
 * The second extended file system, on disks made by `mke2fs -b 4096 -O none,filetype,sparse_super,large_file`, or with
 * other features as far as docs/disks.md says.
 */
#pragma once

#include "kernel/base/types.h"

struct block_device;
struct inode;
struct memobj;

/*
 * Mounts D as the root directory if it holds an ext2 file system.
 * => 0; -EINVAL: it holds something else (nothing is said); -EBUSY: there is a root; -EIO, -ENOMEM, -EOPNOTSUPP: it is
 *    ext2, but damaged or with features unknown here (said in words). Sleeps.
 */
int ext2_mount(struct block_device *d);

/* Forgets inodes that nobody uses, with their cached pages. => how many; never sleeps */
u32 ext2_drop_caches(void);

/* => the inode whose pages OBJ holds; NULL: OBJ is not a file's. No reference. */
struct inode *ext2_inode_of(const struct memobj *obj);

/* Saves INODE so that it is found again after a crash. => 0, -EIO, -EINTR; sleeps */
int ext2_fsync(struct inode *inode);

/* Saves everything. => 0 or the first error; sleeps */
int ext2_sync(void);

/* Saves everything and marks the disk clean: nothing is changed after this. Sleeps. */
void ext2_end(void);

/* A kernel thread that saves everything now and then, and soon after a file was unmapped. */
void ext2_writer(void *unused);

struct ext2_usage {
	u32 blocks, blocks_free, inodes, inodes_free;
};
/* What the mounted disk holds; all zero without one. */
struct ext2_usage ext2_usage(void);

/* => the name of the mounted disk, and whether it is written to; NULL without one */
const char *ext2_disk(bool *writable);

/* => how many pages of directories have been searched for a name since boot */
u32 ext2_dir_pages_searched(void);
/* => how many slots of the directories' indexes have been looked at since boot */
u32 ext2_dir_slots_searched(void);

/* => pages of metadata (tables, bitmaps, indirect blocks) in memory */
u32 ext2_metadata_pages(void);
