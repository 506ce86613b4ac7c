/* /dev: the devices that every program expects. */
#pragma once

#include "kernel/fs/filesystem.h"
#include "kernel/fs/inode.h"

extern struct inode devfs_root; /* lives forever */
extern struct filesystem devfs_filesystem;

/* Adds the devices that need nothing of their own: null, zero, the disks and so on. */
void devfs_init(void);

/*
 * Adds /dev/NAME, of type and permissions MODE, with Linux's device NUMBER and the functions OPS. Only before the first
 * program runs. NAME is not copied. => its inode, which lives forever
 */
struct inode *devfs_add(const char *name, u32 mode, u32 number, const struct file_ops *ops);

/* Fills the N bytes at user address DST with numbers of random.h. => how many bytes, -EFAULT if none; may sleep */
s32 devfs_random(vaddr_t dst, u32 n);

/* --- diskfile.c --- */

extern const struct file_ops disk_ops;

/* The disk that an inode of /dev stands for; NULL: it stands for none, or the disk is not there. */
struct block_device;
struct block_device *disk_of_inode(const struct inode *inode);
