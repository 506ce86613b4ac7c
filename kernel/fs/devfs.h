/* /dev: the devices that every program expects. */
#pragma once

#include "kernel/fs/inode.h"

extern struct inode devfs_root, devfs_console; /* live for ever */

/* Fills what a program gave with numbers of random.h. => how many bytes, -EFAULT if none; may sleep */
s32 devfs_random(vaddr_t dst, u32 n);

/* diskfile.c */
extern const struct file_ops disk_ops;

/* diskfile.c: the disk that an inode of /dev stands for; NULL: it stands for none, or the disk is not there. */
struct block_device;
struct block_device *disk_of_inode(const struct inode *inode);
