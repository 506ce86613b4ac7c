/*
 * The system calls on names: open, unlink, mkdir, rmdir, rename, and the working directory; and ftruncate.
 *
 * Where several errors apply, Linux's precedence holds; a file system without a function for it is read-only.
 */
#include "kernel/fs/alloc.h"
#include "kernel/fs/path.h"
#include "kernel/fs/file.h"
#include "kernel/fs/syscalls.h"
#include "kernel/limit.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"

/* May the inode that was found be opened with FLAGS? */
static int open_check(const struct path *p, u32 flags)
{
	const struct inode *inode = p->inode;
	bool write = (flags & O_ACCMODE) != O_RDONLY;

	if (flags & O_PATH) /* nothing will be done with it */
		return (flags & O_DIRECTORY) && !inode_is(inode, S_IFDIR) ? -ENOTDIR : 0;
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (inode_is(inode, S_IFLNK))
		return flags & O_DIRECTORY ? -ENOTDIR : -ELOOP;
	if (inode_is(inode, S_IFDIR) && ((flags & (O_CREAT | O_TRUNC)) || write))
		return -EISDIR;
	if ((flags & O_DIRECTORY) && !inode_is(inode, S_IFDIR))
		return -ENOTDIR;
	if (inode_is(inode, S_IFREG) && (write || (flags & O_TRUNC)) && !inode->file_ops->write)
		return -EROFS;
	if ((write || (flags & O_TRUNC)) && (inode->flags & INODE_IMMUTABLE))
		return -EPERM;
	if ((inode->flags & INODE_APPEND) && ((write && !(flags & O_APPEND)) || (flags & O_TRUNC)))
		return -EPERM;
	if (inode_is(inode, S_IFREG) && inode->size > INT32_MAX && !(flags & O_LARGEFILE))
		return -EOVERFLOW;
	return inode->file_ops ? 0 : -ENXIO;
}

/* P names a directory: a file without a name is made there, and takes P's place. */
static int open_create_unnamed(struct path *p, u32 flags, u32 mode)
{
	struct inode *dir = p->inode;
	int r;

	if (!inode_is(dir, S_IFDIR))
		return -ENOTDIR;
	if (!dir->ops->create_unnamed)
		return -EOPNOTSUPP;
	r = dir->ops->create_unnamed(dir, S_IFREG | mode, !(flags & O_EXCL), &p->inode);
	if (r == 0)
		inode_unref(dir);
	return r;
}

/* P names nothing: makes a regular file of it. */
static int open_create(struct path *p, u32 mode)
{
	if (!p->dir->ops->create)
		return -EROFS;
	return p->dir->ops->create(p->dir, p->name, p->length, S_IFREG | mode, &p->inode);
}

int open_resize(struct inode *inode, u64 size)
{
	int r = size > inode->size ? limit_check_file_size(size) : 0;

	if (r < 0)
		return r;
	if (!inode->file_ops->write)
		return -EROFS;
	if (inode->flags & (INODE_APPEND | INODE_IMMUTABLE))
		return -EPERM;
	r = inode_begin_write(inode);
	if (r < 0)
		return r;
	r = sleeplock_take(&inode->changing);
	if (r == 0) {
		r = inode->ops->resize(inode, size);
		sleeplock_release(&inode->changing);
	}
	inode_end_write(inode);
	return r;
}

/* => 0 and P->inode is there and may be opened (it is empty if that was wanted) */
static int open_resolve(struct path *p, u32 flags, u32 mode)
{
	int r;

	if (!p->inode)
		return flags & O_CREAT ? open_create(p, mode) : -ENOENT;
	if (flags & O_UNNAMED)
		return open_create_unnamed(p, flags, mode);
	r = open_check(p, flags);
	if (r == 0 && (flags & O_TRUNC) && p->inode->ops->resize)
		r = open_resize(p->inode, 0);
	return r;
}

static u32 open_path_flags(u32 flags)
{
	bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);

	return (exclusive || (flags & O_NOFOLLOW) ? PATH_NOFOLLOW : 0) | (flags & O_CREAT ? PATH_FILE : 0);
}

/* => 0 and an open file of INODE, which may be opened so; -ETXTBSY, -ENOMEM */
static int open_file(struct inode *inode, u32 flags, struct file **out)
{
	bool writes = inode_is(inode, S_IFREG) && (flags & O_ACCMODE) != O_RDONLY;
	int r = writes ? inode_begin_write(inode) : 0;

	if (r < 0)
		return r;
	inode_ref(inode);
	*out = file_create(inode, flags & ~(O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC | O_UNNAMED));
	if (*out) {
		(*out)->writes = writes;
		return 0;
	}
	if (writes)
		inode_end_write(inode);
	inode_unref(inode);
	return -ENOMEM;
}

/* Opens what P names; P is given back. */
static int open_found(struct path *p, u32 flags, u32 mode, struct file **out)
{
	int r = open_resolve(p, flags, mode);

	*out = NULL;
	if (r == 0)
		r = open_file(p->inode, flags, out);
	path_put(p);
	return r;
}

int file_open_path(const char *text, u32 flags, struct file **out)
{
	struct path p;
	int r = path_find_kernel(text, open_path_flags(flags), &p);

	return r < 0 ? r : open_found(&p, flags | O_LARGEFILE, 0666, out);
}

s32 open_at(s32 dirfd, vaddr_t text, u32 flags, u32 mode)
{
	struct fs_context *ctx = fs_context_current();
	struct path p;
	struct file *f;
	int r;

	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	if ((flags & O_UNNAMED) && (!(flags & O_DIRECTORY) || (flags & O_ACCMODE) == O_RDONLY))
		return -EINVAL;
	if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return -EINVAL; /* what would be made is no directory */
	do {
		r = path_find_user(dirfd, text, open_path_flags(flags), &p);
		if (r < 0)
			return r;
		r = open_found(&p, flags, mode & 07777 & ~ctx->umask, &f);
	} while (r == -EEXIST && !(flags & O_EXCL)); /* another task was faster: what it made will do */
	if (r < 0)
		return r;
	r = fs_context_install(ctx, f, 0, flags & O_CLOEXEC);
	if (r < 0)
		file_put(f);
	return r;
}

SYSCALL(open)
{
	return open_at(PATH_AT_FDCWD, arg[0], arg[1], arg[2]);
}

SYSCALL(openat)
{
	return open_at(arg[0], arg[1], arg[2], arg[3]);
}

static int open_unlink(const struct path *p)
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

static s32 open_remove_at(s32 dirfd, vaddr_t text, int (*remove)(const struct path *p))
{
	struct path p;
	int r = path_find_user(dirfd, text, PATH_NAME, &p);

	if (r < 0)
		return r;
	r = remove(&p);
	path_put(&p);
	return r;
}

s32 open_unlink_at(s32 dirfd, vaddr_t text)
{
	return open_remove_at(dirfd, text, open_unlink);
}

SYSCALL(unlink)
{
	return open_unlink_at(PATH_AT_FDCWD, arg[0]);
}

s32 open_mkdir_at(s32 dirfd, vaddr_t text, u32 mode)
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
	return open_mkdir_at(PATH_AT_FDCWD, arg[0], arg[1]);
}

/* Is what P names the root of another file system? Below it is a name that must stay. */
static bool open_is_mount(const struct path *p)
{
	return p->inode && p->inode->dev != p->dir->dev;
}

static int open_rmdir(const struct path *p)
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
	if (open_is_mount(p))
		return -EBUSY;
	return p->dir->ops->rmdir(p->dir, p->name, p->length, p->inode);
}

s32 open_rmdir_at(s32 dirfd, vaddr_t text)
{
	return open_remove_at(dirfd, text, open_rmdir);
}

SYSCALL(rmdir)
{
	return open_rmdir_at(PATH_AT_FDCWD, arg[0]);
}

static int open_rename(const struct path *from, const struct path *to, u32 flags)
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
	if (open_is_mount(to) && !inode_is(from->inode, S_IFDIR))
		return -EISDIR;
	if (open_is_mount(from) || open_is_mount(to))
		return -EBUSY;
	return from->dir->ops->rename(from, to, flags);
}

s32 open_rename_at(s32 from_dirfd, vaddr_t from_text, s32 to_dirfd, vaddr_t to_text, u32 flags)
{
	struct path from, to;
	int r = path_find_user(from_dirfd, from_text, PATH_NAME, &from);

	if (r < 0)
		return r;
	r = path_find_user(to_dirfd, to_text, PATH_NAME, &to);
	if (r == 0) {
		r = open_rename(&from, &to, flags);
		path_put(&to);
	}
	path_put(&from);
	return r;
}

SYSCALL(rename)
{
	return open_rename_at(PATH_AT_FDCWD, arg[0], PATH_AT_FDCWD, arg[1], 0);
}

static s32 open_truncate(u32 fd, s64 size)
{
	struct file *f;
	int r = -EINVAL;

	if (size < 0)
		return -EINVAL;
	f = file_get(fd);
	if (!f)
		return -EBADF;
	if (inode_is(f->inode, S_IFREG) && file_writable(f) && f->inode->ops->resize)
		r = open_resize(f->inode, size);
	file_put(f);
	return r;
}

SYSCALL(ftruncate)
{
	return open_truncate(arg[0], (s32)arg[1]);
}

SYSCALL(ftruncate64)
{
	return open_truncate(arg[0], (s64)((u64)arg[2] << 32 | arg[1]));
}

s32 open_chdir(struct inode *dir)
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

	return r < 0 ? r : open_chdir(dir);
}

SYSCALL(getcwd)
{
	const struct inode *dir = fs_context_current()->cwd;
	char *buf;
	int length;

	if (!dir)
		dir = path_root();
	buf = alloc_wait(PATH_MAX);
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
