/*
 * The functions of ext2 that the rest of the kernel calls for an inode or an open file, in tables. Everything else in this
 * folder stands below.
 */
#include "kernel/fs/ext2/volume.h"
#include "kernel/fs/file.h"
#include "kernel/fs/memfile.h"

const struct inode_ops ext2_inode_ops = {
	.lookup = ext2_lookup, .next = ext2_next, .readlink = ext2_readlink, .memobj = ext2_memobj,
	.create = ext2_create, .unlink = ext2_unlink, .mkdir = ext2_mkdir, .rmdir = ext2_unlink, .rename = ext2_rename,
	.symlink = ext2_symlink, .link = ext2_link,
	.release = ext2_inode_release, .touch = ext2_touch, .fsync = ext2_fsync,
};

const struct inode_ops ext2_file_inode_ops = {
	.resize = ext2_resize, .allocate = ext2_allocate, .memobj = ext2_memobj, .release = ext2_inode_release, .touch = ext2_touch,
	.fsync = ext2_fsync,
};

const struct file_ops ext2_file_ops = { .read = memfile_read, .write = ext2_write };
const struct file_ops ext2_read_only_file_ops = { .read = memfile_read };
