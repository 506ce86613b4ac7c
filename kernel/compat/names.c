/*
 * System calls of path names relative to a directory, which C libraries prefer, and links.
 *
 * Links are created by the operations of the file system: -EPERM if it has none, as on Linux.
 *
 * Sources: openat(2) and its relatives, access(2), rename(2), link(2), symlink(2).
 */
#include "kernel/fs/file.h"
#include "kernel/fs/path.h"
#include "kernel/fs/syscalls.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"

enum { AT_REMOVEDIR = 0x200, AT_EACCESS = 0x200, X_OK = 1, W_OK = 2, R_OK = 4 };

SYSCALL(creat)
{
	return open_at(PATH_AT_FDCWD, arg[0], O_CREAT | O_WRONLY | O_TRUNC, arg[1]);
}

/* Root may read everything, write everything that is not read-only, and execute files that any user may execute. */
static s32 access_at(s32 dirfd, vaddr_t text, u32 mode, u32 flags)
{
	struct inode *inode;
	int error;

	if (mode & ~(R_OK | W_OK | X_OK))
		return -EINVAL;
	error = path_inode_user(dirfd, text, path_flags_at(flags), &inode);
	if (error < 0)
		return error;
	if ((mode & W_OK) && inode_is(inode, S_IFREG) && !inode->file_ops->write)
		error = -EROFS;
	else if ((mode & W_OK) && (inode->flags & INODE_IMMUTABLE))
		error = -EPERM;
	else if ((mode & X_OK) && inode_is(inode, S_IFREG) && !(inode->mode & 0111))
		error = -EACCES;
	inode_unref(inode);
	return error;
}

SYSCALL(access)
{
	return access_at(PATH_AT_FDCWD, arg[0], arg[1], 0);
}

SYSCALL(faccessat)
{
	return access_at(arg[0], arg[1], arg[2], 0);
}

SYSCALL(faccessat2)
{
	if (arg[3] & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return access_at(arg[0], arg[1], arg[2], arg[3]);
}

SYSCALL(mkdirat)
{
	return directory_mkdir_at(arg[0], arg[1], arg[2]);
}

SYSCALL(unlinkat)
{
	if (arg[2] & ~AT_REMOVEDIR)
		return -EINVAL;
	return arg[2] ? directory_rmdir_at(arg[0], arg[1]) : directory_unlink_at(arg[0], arg[1]);
}

SYSCALL(renameat)
{
	return directory_rename_at(arg[0], arg[1], arg[2], arg[3], 0);
}

SYSCALL(renameat2)
{
	if (arg[4] > RENAME_EXCHANGE) /* the two flags exclude each other */
		return -EINVAL;
	return directory_rename_at(arg[0], arg[1], arg[2], arg[3], arg[4]);
}

SYSCALL(readlinkat)
{
	return stat_readlink_at(arg[0], arg[1], arg[2], arg[3]);
}

/* => 0: a file other than a directory can be created at P; -EEXIST, -ENOENT: the name ends with a slash */
static s32 names_free(const struct path *p)
{
	if (p->inode)
		return -EEXIST;
	return p->slash ? -ENOENT : 0;
}

static s32 symlink_to(const char *target, s32 dirfd, vaddr_t text)
{
	struct path p;
	int error = path_find_user(dirfd, text, PATH_NAME, &p);

	if (error < 0)
		return error;
	error = names_free(&p);
	if (error == 0)
		error = p.dir->ops->symlink ? p.dir->ops->symlink(p.dir, p.name, p.length, target) : -EPERM;
	path_put(&p);
	return error;
}

static s32 symlink_at(vaddr_t target_text, s32 dirfd, vaddr_t text)
{
	char *target = kmalloc_wait(PATH_MAX);
	s32 result;

	if (!target)
		return -ENOMEM;
	result = usercopy_string(target, target_text, PATH_MAX);
	if (result >= 0)
		result = result ? symlink_to(target, dirfd, text) : -ENOENT;
	kfree(target);
	return result;
}

SYSCALL(symlink) { return symlink_at(arg[0], PATH_AT_FDCWD, arg[1]); }
SYSCALL(symlinkat) { return symlink_at(arg[0], arg[1], arg[2]); }

static s32 link_to(struct inode *file, s32 dirfd, vaddr_t text)
{
	struct path p;
	int error = path_find_user(dirfd, text, PATH_NAME, &p);

	if (error < 0)
		return error;
	error = names_free(&p);
	if (error == 0 && p.dir->dev != file->dev)
		error = -EXDEV;
	if (error == 0 && (!p.dir->ops->link || inode_is(file, S_IFDIR)))
		error = -EPERM;
	if (error == 0)
		error = p.dir->ops->link(p.dir, p.name, p.length, file);
	path_put(&p);
	return error;
}

/* For a symbolic link: links the symbolic link itself, or its target if FLAGS say so. */
static s32 link_at(s32 from_dirfd, vaddr_t from_text, s32 dirfd, vaddr_t text, u32 flags)
{
	u32 follow = flags & AT_SYMLINK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;
	struct inode *file;
	int error;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	error = path_inode_user(from_dirfd, from_text, path_flags_at(flags | follow), &file);
	if (error < 0)
		return error;
	error = link_to(file, dirfd, text);
	inode_unref(file);
	return error;
}

SYSCALL(link) { return link_at(PATH_AT_FDCWD, arg[0], PATH_AT_FDCWD, arg[1], 0); }
SYSCALL(linkat) { return link_at(arg[0], arg[1], arg[2], arg[3], arg[4]); }

SYSCALL(fchdir)
{
	struct file *f = file_get_place(arg[0]);
	struct inode *dir;

	if (!f)
		return -EBADF;
	dir = f->inode;
	inode_ref(dir);
	file_put(f);
	return directory_chdir(dir);
}
