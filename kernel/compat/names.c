/*
 * Names, in the forms of the calls that C libraries prefer.
 *
 * Sources: openat(2) and its relatives, access(2), rename(2).
 */
#include "kernel/fs/file.h"
#include "kernel/fs/path.h"
#include "kernel/fs/syscalls.h"

enum { AT_REMOVEDIR = 0x200, RENAME_NOREPLACE = 1, X_OK = 1, W_OK = 2, R_OK = 4 };

SYSCALL(creat)
{
	return open_at(PATH_AT_FDCWD, arg[0], O_CREAT | O_WRONLY | O_TRUNC, arg[1]);
}

/* Root may read and write everything that can be written, and execute what anybody may. */
static s32 access_at(s32 dirfd, vaddr_t text, u32 mode)
{
	struct inode *inode;
	s32 r;

	if (mode & ~(R_OK | W_OK | X_OK))
		return -EINVAL;
	r = path_inode_user(dirfd, text, 0, &inode);
	if (r < 0)
		return r;
	if ((mode & W_OK) && inode_is(inode, S_IFREG) && !inode->file_ops->write)
		r = -EROFS;
	else if ((mode & X_OK) && inode_is(inode, S_IFREG) && !(inode->mode & 0111))
		r = -EACCES;
	inode_unref(inode);
	return r;
}

SYSCALL(access)
{
	return access_at(PATH_AT_FDCWD, arg[0], arg[1]);
}

SYSCALL(faccessat)
{
	return access_at(arg[0], arg[1], arg[2]);
}

SYSCALL(mkdirat)
{
	return open_mkdir_at(arg[0], arg[1], arg[2]);
}

SYSCALL(unlinkat)
{
	if (arg[2] & ~AT_REMOVEDIR)
		return -EINVAL;
	return arg[2] ? open_rmdir_at(arg[0], arg[1]) : open_unlink_at(arg[0], arg[1]);
}

SYSCALL(renameat)
{
	return open_rename_at(arg[0], arg[1], arg[2], arg[3], true);
}

SYSCALL(renameat2)
{
	if (arg[4] & ~RENAME_NOREPLACE)
		return -EINVAL;
	return open_rename_at(arg[0], arg[1], arg[2], arg[3], !arg[4]);
}

SYSCALL(readlinkat)
{
	return stat_readlink_at(arg[0], arg[1], arg[2], arg[3]);
}

/* This file system makes neither symbolic nor further hard links: what Linux says of one that cannot. */
SYSCALL(no_links)
{
	(void)arg;
	return -EPERM;
}

SYSCALL(fchdir)
{
	struct file *f = file_get(arg[0]);
	struct inode *dir;

	if (!f)
		return -EBADF;
	dir = f->inode;
	inode_ref(dir);
	file_put(f);
	return open_chdir(dir);
}
