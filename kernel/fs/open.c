/*
 * Opening files and changing their size. (The other calls on names: directory.c.)
 *
 * Where several errors apply, Linux's precedence holds. A file system without the function that a call needs is read-only.
 */
#include "kernel/fs/file.h"
#include "kernel/fs/path.h"
#include "kernel/fs/size_limit.h"
#include "kernel/fs/syscalls.h"

/* => 0 if P's inode may be opened with FLAGS */
static int open_check(const struct path *p, u32 flags)
{
	const struct inode *inode = p->inode;
	bool write = (flags & O_ACCMODE) != O_RDONLY;

	if (flags & O_PATH) /* neither read nor written, so nothing else is checked */
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
	if ((flags & O_DIRECT) && !inode_is(inode, S_IFBLK)) /* contents always pass through the page cache, but for a disk's own */
		return -EINVAL;
	return inode->file_ops ? 0 : -ENXIO;
}

/* O_TMPFILE: P names a directory. Makes a file without a name in its file system and puts it in P instead. */
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

/* P's name is free: makes a regular file of that name. */
static int open_create(struct path *p, u32 mode)
{
	if (!p->dir->ops->create)
		return -EROFS;
	return p->dir->ops->create(p->dir, p->name, p->length, S_IFREG | mode, &p->inode);
}

int open_resize(struct inode *inode, u64 size)
{
	int r = size > inode->size ? size_limit_check(size) : 0;

	if (r < 0)
		return r;
	if (!inode->file_ops->write)
		return -EROFS;
	if (inode->flags & (INODE_APPEND | INODE_IMMUTABLE))
		return -EPERM;
	r = inode_begin_write(inode);
	if (r < 0)
		return r;
	r = sleeplock_take(&inode->write_lock);
	if (r == 0) {
		r = inode->ops->resize(inode, size);
		sleeplock_release(&inode->write_lock);
	}
	inode_end_write(inode);
	return r;
}

/* => 0 and P->inode exists and may be opened; with O_TRUNC it is empty */
static int open_resolve(struct path *p, u32 flags, u32 mode)
{
	int r;

	if (!p->inode && !(flags & O_CREAT))
		return -ENOENT;
	if (!p->inode)
		return flags & O_DIRECT ? -EINVAL : open_create(p, mode);
	if (flags & O_UNNAMED)
		return flags & O_DIRECT ? -EINVAL : open_create_unnamed(p, flags, mode);
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

/* INODE has passed open_check(). => 0 and an open file of it; -ETXTBSY, -ENOMEM */
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

/* Opens what P names; consumes P. */
static int open_found(struct path *p, u32 flags, u32 mode, struct file **out)
{
	int r = open_resolve(p, flags, mode);

	*out = NULL;
	if (r == 0)
		r = open_file(p->inode, flags, out);
	path_put(p);
	return r;
}

int file_open_program(const char *text, struct file **out)
{
	struct path p;
	int r = path_find_kernel(text, 0, &p);

	if (r < 0)
		return r;
	/* First, since to open a device or a pipe may fail or wait. */
	if (p.inode && (!inode_is(p.inode, S_IFREG) || !(p.inode->mode & 0111))) {
		path_put(&p);
		return -EACCES;
	}
	return open_found(&p, O_RDONLY | O_LARGEFILE, 0, out);
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
		return -EINVAL; /* open() makes no directories */
	do {
		r = path_find_user(dirfd, text, open_path_flags(flags), &p);
		if (r < 0)
			return r;
		r = open_found(&p, flags, mode & 07777 & ~ctx->umask, &f);
	} while (r == -EEXIST && !(flags & O_EXCL)); /* another task has just made it: open that one */
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
