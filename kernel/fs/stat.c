/*
 * The system calls that report attributes and names: stat64 and its relatives, getdents64, readlink.
 *
 * Source of the layouts: Linux's arch/x86/include/uapi/asm/stat.h and include/linux/dirent.h (the i386 interface).
 */
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/path.h"
#include "kernel/fs/syscalls.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/usercopy.h"

struct stat_i386 {
	u64 dev;
	u32 pad1;
	u32 ino_low;
	u32 mode, links, uid, gid;
	u64 rdev;
	u32 pad2;
	u64 size;
	u32 block_size;
	u64 sectors;
	u32 atime, atime_ns, mtime, mtime_ns, ctime, ctime_ns;
	u64 ino;
} __attribute__((packed));
STATIC_ASSERT(sizeof(struct stat_i386) == 96, "Linux's stat64 on i386");
STATIC_ASSERT(offsetof(struct stat_i386, ino) == 88, "Linux's stat64 on i386");

struct stat_dirent {
	u64 ino;
	s64 next;
	u16 length;
	u8 type;
	char name[];
} __attribute__((packed));

int stat_out(const struct inode *i, vaddr_t dst)
{
	struct stat_i386 s = {
		.dev = i->dev, .ino_low = i->ino, .mode = i->mode, .links = i->links,
		.uid = i->uid, .gid = i->gid, .rdev = i->rdev, .size = i->size, .block_size = PAGE_SIZE,
		.sectors = inode_sectors(i), .atime = i->atime, .atime_ns = i->atime_ns, .mtime = i->mtime,
		.mtime_ns = i->mtime_ns, .ctime = i->ctime, .ctime_ns = i->ctime_ns, .ino = i->ino,
	};

	return usercopy_out(dst, &s, sizeof(s));
}

static s32 stat_path(const u32 *arg, u32 flags)
{
	struct inode *inode;
	int r = path_inode_user(PATH_AT_FDCWD, arg[0], flags, &inode);

	if (r < 0)
		return r;
	r = stat_out(inode, arg[1]);
	inode_unref(inode);
	return r;
}

SYSCALL(stat64)
{
	return stat_path(arg, 0);
}

SYSCALL(lstat64)
{
	return stat_path(arg, PATH_NOFOLLOW);
}

SYSCALL(fstat64)
{
	struct file *f = file_get_place(arg[0]);
	int r;

	if (!f)
		return -EBADF;
	r = stat_out(f->inode, arg[1]);
	file_put(f);
	return r;
}

static s32 stat_dirent_out(const struct dirent *d, s64 next, vaddr_t dst, u32 room)
{
	u8 buf[ALIGN_UP(sizeof(struct stat_dirent) + NAME_MAX + 1, 8)];
	struct stat_dirent *out = (struct stat_dirent *)buf;
	u32 size = ALIGN_UP(sizeof(*out) + d->length + 1, 8);

	if (size > room)
		return -EINVAL;
	*out = (struct stat_dirent){ .ino = d->ino, .next = next, .length = size, .type = d->type };
	memcpy(out->name, d->name, d->length);
	out->name[d->length] = 0;
	/* The padding up to SIZE is not written, as on Linux. */
	return usercopy_out(dst, buf, sizeof(*out) + d->length + 1) < 0 ? -EFAULT : (s32)size;
}

static s32 stat_dirents(struct file *f, vaddr_t dst, u32 room, stat_dirent_fn out)
{
	struct dirent d;
	u32 done = 0;
	s32 r;

	for (;;) {
		u64 pos = f->pos;

		r = f->inode->ops->next(f->inode, &pos, &d);
		if (r == 1)
			r = out(&d, pos, dst + done, room - done);
		if (r <= 0)
			break;
		f->pos = pos;
		done += r;
	}
	return done ? (s32)done : r;
}

s32 stat_dirents_call(const u32 *arg, stat_dirent_fn out)
{
	struct file *f = file_get(arg[0]);
	s32 r = -ENOTDIR;

	if (!f)
		return -EBADF;
	if (inode_is(f->inode, S_IFDIR))
		r = stat_dirents(f, arg[1], MIN(arg[2], (u32)INT32_MAX), out);
	file_put(f);
	return r;
}

SYSCALL(getdents64)
{
	return stat_dirents_call(arg, stat_dirent_out);
}

static s32 stat_readlink(struct inode *inode, vaddr_t dst, u32 size)
{
	char *buf;
	s32 length;

	if (!inode_is(inode, S_IFLNK))
		return -EINVAL;
	buf = kmalloc_wait(PATH_MAX);
	if (!buf)
		return -ENOMEM;
	length = inode->ops->readlink(inode, buf, PATH_MAX);
	if (length > 0) {
		length = MIN((u32)length, size);
		if (usercopy_out(dst, buf, length) < 0)
			length = -EFAULT;
	}
	kfree(buf);
	return length;
}

/* The link to read; an empty path means the link that the O_PATH descriptor refers to. => as path_inode_user() */
static int stat_find_link(s32 dirfd, vaddr_t text, struct inode **out)
{
	int r = path_inode_user(dirfd, text, PATH_NOFOLLOW, out);

	if (r != -ENOENT)
		return r;
	r = path_inode_user(dirfd, text, PATH_NOFOLLOW | PATH_EMPTY, out);
	if (r < 0 || inode_is(*out, S_IFLNK))
		return r;
	inode_unref(*out);
	return -ENOENT;
}

s32 stat_readlink_at(s32 dirfd, vaddr_t text, vaddr_t dst, s32 size)
{
	struct inode *inode;
	int r;

	if (size <= 0)
		return -EINVAL;
	r = stat_find_link(dirfd, text, &inode);
	if (r < 0)
		return r;
	r = stat_readlink(inode, dst, size);
	inode_unref(inode);
	return r;
}

SYSCALL(readlink)
{
	return stat_readlink_at(PATH_AT_FDCWD, arg[0], arg[1], arg[2]);
}
