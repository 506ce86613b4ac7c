/*
 * Names, in the forms of the calls that C libraries prefer.
 *
 * Links are made here; what a link is, its file system knows: -EPERM where there are none, as on Linux.
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

/* Root may read and write everything that can be written, and execute what anybody may. */
static s32 access_at(s32 dirfd, vaddr_t text, u32 mode, u32 flags)
{
	struct inode *inode;
	s32 r;

	if (mode & ~(R_OK | W_OK | X_OK))
		return -EINVAL;
	r = path_inode_user(dirfd, text, path_flags_at(flags), &inode);
	if (r < 0)
		return r;
	if ((mode & W_OK) && inode_is(inode, S_IFREG) && !inode->file_ops->write)
		r = -EROFS;
	else if ((mode & W_OK) && (inode->flags & INODE_IMMUTABLE))
		r = -EPERM;
	else if ((mode & X_OK) && inode_is(inode, S_IFREG) && !(inode->mode & 0111))
		r = -EACCES;
	inode_unref(inode);
	return r;
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

/* => 0: what P names can be made, and is no directory; or why not */
static s32 names_free(const struct path *p)
{
	if (p->inode)
		return -EEXIST;
	return p->slash ? -ENOENT : 0;
}

static s32 symlink_to(const char *target, s32 dirfd, vaddr_t text)
{
	struct path p;
	s32 r = path_find_user(dirfd, text, PATH_NAME, &p);

	if (r < 0)
		return r;
	r = names_free(&p);
	if (r == 0)
		r = p.dir->ops->symlink ? p.dir->ops->symlink(p.dir, p.name, p.length, target) : -EPERM;
	path_put(&p);
	return r;
}

static s32 symlink_at(vaddr_t target_text, s32 dirfd, vaddr_t text)
{
	char *target = kmalloc_wait(PATH_MAX);
	s32 r;

	if (!target)
		return -ENOMEM;
	r = usercopy_string(target, target_text, PATH_MAX);
	if (r >= 0)
		r = r ? symlink_to(target, dirfd, text) : -ENOENT;
	kfree(target);
	return r;
}

SYSCALL(symlink) { return symlink_at(arg[0], PATH_AT_FDCWD, arg[1]); }
SYSCALL(symlinkat) { return symlink_at(arg[0], arg[1], arg[2]); }

static s32 link_to(struct inode *file, s32 dirfd, vaddr_t text)
{
	struct path p;
	s32 r = path_find_user(dirfd, text, PATH_NAME, &p);

	if (r < 0)
		return r;
	r = names_free(&p);
	if (r == 0 && p.dir->dev != file->dev)
		r = -EXDEV;
	if (r == 0 && (!p.dir->ops->link || inode_is(file, S_IFDIR)))
		r = -EPERM;
	if (r == 0)
		r = p.dir->ops->link(p.dir, p.name, p.length, file);
	path_put(&p);
	return r;
}

/* A symbolic link gets another name itself, unless FLAGS want its target. */
static s32 link_at(s32 from_dirfd, vaddr_t from_text, s32 dirfd, vaddr_t text, u32 flags)
{
	u32 follow = flags & AT_SYMLINK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;
	struct inode *file;
	s32 r;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	r = path_inode_user(from_dirfd, from_text, path_flags_at(flags | follow), &file);
	if (r < 0)
		return r;
	r = link_to(file, dirfd, text);
	inode_unref(file);
	return r;
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
