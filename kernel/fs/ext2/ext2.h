/*
 * The second extended file system, on disks made by `mke2fs -b 4096 -O none,filetype,sparse_super,large_file`, or with
 * other features as far as docs/disks.md says. Everything else goes through struct filesystem and the inodes' functions.
 */
#pragma once

struct block_device;

/*
 * Mounts D as the root directory if it holds an ext2 file system.
 * => 0; -EINVAL: it holds something else, which is not reported; -EBUSY: there is a root; -EIO, -ENOMEM, -EOPNOTSUPP: it is
 *    ext2, but damaged or with features unknown here, which is reported. Sleeps.
 */
int ext2_mount(struct block_device *d);
