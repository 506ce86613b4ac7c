/*
 * The calls that change directories: unlink, mkdir, rmdir, rename; and the working directory.
 *
 * What holds for every file system: which names are refused, and which error comes first where several apply
 * (Linux's precedence). A file system without the function that a call needs is read-only.
 */
#include "kernel/fs/file.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/path.h"
#include "kernel/fs/syscalls.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"

static int directory_unlink(const struct path *p)
{
	if (p->last != PATH_NORMAL)
		return -EISDIR;
	if (!p->dir->ops->unlink)
		return -EROFS;
	if (!p->inode)
		return -ENOENT;
	if (inode_is(p->inode, S_IFDIR))
		return -EISDIR;
	if (p->slash)
		return -ENOTDIR;
	return p->dir->ops->unlink(p->dir, p->name, p->length, p->inode);
}

static s32 directory_remove_at(s32 dirfd, vaddr_t text, int (*remove)(const struct path *p))
{
	struct path p;
	int r = path_find_user(dirfd, text, PATH_NAME, &p);

	if (r < 0)
		return r;
	r = remove(&p);
	path_put(&p);
	return r;
}

s32 directory_unlink_at(s32 dirfd, vaddr_t text)
{
	return directory_remove_at(dirfd, text, directory_unlink);
}

SYSCALL(unlink)
{
	return directory_unlink_at(PATH_AT_FDCWD, arg[0]);
}

s32 directory_mkdir_at(s32 dirfd, vaddr_t text, u32 mode)
{
	struct path p;
	int r = path_find_user(dirfd, text, PATH_NAME, &p);

	if (r < 0)
		return r;
	if (p.inode)
		r = -EEXIST;
	else if (!p.dir->ops->mkdir)
		r = -EROFS;
	else
		r = p.dir->ops->mkdir(p.dir, p.name, p.length, mode & 01777 & ~fs_context_current()->umask);
	path_put(&p);
	return r;
}

SYSCALL(mkdir)
{
	return directory_mkdir_at(PATH_AT_FDCWD, arg[0], arg[1]);
}

/* Is P a mount point? Its name must stay. */
static bool directory_is_mount(const struct path *p)
{
	return p->inode && p->inode->dev != p->dir->dev;
}

static int directory_rmdir(const struct path *p)
{
	switch (p->last) {
	case PATH_DOT:
		return -EINVAL;
	case PATH_DOTDOT:
		return -ENOTEMPTY;
	case PATH_ROOT:
		return -EBUSY;
	default:
		break;
	}
	if (!p->dir->ops->rmdir)
		return -EROFS;
	if (!p->inode)
		return -ENOENT;
	if (!inode_is(p->inode, S_IFDIR))
		return -ENOTDIR;
	if (directory_is_mount(p))
		return -EBUSY;
	return p->dir->ops->rmdir(p->dir, p->name, p->length, p->inode);
}

s32 directory_rmdir_at(s32 dirfd, vaddr_t text)
{
	return directory_remove_at(dirfd, text, directory_rmdir);
}

SYSCALL(rmdir)
{
	return directory_rmdir_at(PATH_AT_FDCWD, arg[0]);
}

static int directory_rename(const struct path *from, const struct path *to, u32 flags)
{
	if (from->last != PATH_NORMAL)
		return -EBUSY;
	if (to->last != PATH_NORMAL)
		return flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	if (from->dir->dev != to->dir->dev)
		return -EXDEV;
	if (!from->dir->ops->rename)
		return -EROFS;
	if (!from->inode)
		return -ENOENT;
	if (to->inode && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (!to->inode && (flags & RENAME_EXCHANGE))
		return -ENOENT;
	if ((flags & RENAME_EXCHANGE) && to->slash && !inode_is(to->inode, S_IFDIR))
		return -ENOTDIR;
	if ((from->slash || (to->slash && !(flags & RENAME_EXCHANGE))) && !inode_is(from->inode, S_IFDIR))
		return -ENOTDIR;
	if (directory_is_mount(to) && !inode_is(from->inode, S_IFDIR))
		return -EISDIR;
	if (directory_is_mount(from) || directory_is_mount(to))
		return -EBUSY;
	return from->dir->ops->rename(from, to, flags);
}

s32 directory_rename_at(s32 from_dirfd, vaddr_t from_text, s32 to_dirfd, vaddr_t to_text, u32 flags)
{
	struct path from, to;
	int r = path_find_user(from_dirfd, from_text, PATH_NAME, &from);

	if (r < 0)
		return r;
	r = path_find_user(to_dirfd, to_text, PATH_NAME, &to);
	if (r == 0) {
		r = directory_rename(&from, &to, flags);
		path_put(&to);
	}
	path_put(&from);
	return r;
}

SYSCALL(rename)
{
	return directory_rename_at(PATH_AT_FDCWD, arg[0], PATH_AT_FDCWD, arg[1], 0);
}

s32 directory_chdir(struct inode *dir)
{
	struct fs_context *ctx = fs_context_current();

	if (!inode_is(dir, S_IFDIR)) {
		inode_unref(dir);
		return -ENOTDIR;
	}
	if (ctx->cwd)
		inode_unref(ctx->cwd);
	ctx->cwd = dir;
	return 0;
}

SYSCALL(chdir)
{
	struct inode *dir;
	int r = path_inode_user(PATH_AT_FDCWD, arg[0], 0, &dir);

	return r < 0 ? r : directory_chdir(dir);
}

SYSCALL(getcwd)
{
	const struct inode *dir = fs_context_current()->cwd;
	char *buf;
	int length;

	if (!dir)
		dir = filesystem_root;
	buf = kmalloc_wait(PATH_MAX);
	if (!buf || !dir) {
		kfree(buf);
		return dir ? -ENOMEM : -ENOENT;
	}
	length = inode_path(dir, buf, PATH_MAX);
	if (length == -ERANGE)
		length = -ENAMETOOLONG;
	else if (length >= 0 && (u32)length + 1 > arg[1])
		length = -ERANGE;
	if (length >= 0)
		length = usercopy_out(arg[0], buf, length + 1) < 0 ? -EFAULT : length + 1;
	kfree(buf);
	return length;
}
