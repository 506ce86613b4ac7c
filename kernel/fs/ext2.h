/*
 * The second extended file system, on disks made by `mke2fs -b 4096 -O none,filetype,sparse_super,large_file`.
 * For now it is only read.
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

/* => pages of metadata (tables, bitmaps, indirect blocks) in memory */
u32 ext2_metadata_pages(void);
