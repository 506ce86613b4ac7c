/*
 * System calls of file attributes: mode, owner, times, size, and the usage of the file system.
 *
 * Sources: chmod(2), utimensat(2), utime(2), getdents(2), statx(2), statfs(2); Linux's linux/stat.h and asm/statfs.h
 * for the layouts.
 */
#include "kernel/base/clock.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/path.h"
#include "kernel/fs/syscalls.h"
#include "kernel/fs/tmpfs.h"
#include "mm/layout.h"
#include "mm/usercopy.h"

enum { AT_STATX_SYNC_TYPE = 0x6000, AT_NO_AUTOMOUNT = 0x800 };

/*
 * Finds the inode that DIRFD and the path at TEXT name: DIRFD itself if TEXT is 0, or for an empty path if FLAGS say
 * so.
 * => 0 and a reference, or an error; sleeps
 */
static int inode_at(s32 dirfd, vaddr_t text, u32 flags, struct inode **inode)
{
	return path_inode_user(dirfd, text, path_flags_at(text ? flags : flags | AT_EMPTY_PATH), inode);
}

/* As inode_at(), for a change of attributes, which inode flags in FORBID prevent. => also -EPERM, -EROFS */
static int changed_at(s32 dirfd, vaddr_t text, u32 flags, u32 forbid, struct inode **inode)
{
	int error = inode_at(dirfd, text, flags, inode);

	if (error < 0)
		return error;
	error = (*inode)->flags & forbid ? -EPERM : 0;
	if (error == 0)
		error = (*inode)->ops->touch ? (*inode)->ops->touch(*inode) : -EPERM;
	if (error < 0)
		inode_unref(*inode);
	return error;
}

/* --- mode and owner ------------------------------------------------------------------------------------------------ */

static s32 chmod_at(s32 dirfd, vaddr_t text, u32 mode)
{
	struct inode *inode;
	int error = changed_at(dirfd, text, 0, INODE_IMMUTABLE | INODE_APPEND, &inode);

	if (error < 0)
		return error;
	inode->mode = (inode->mode & S_IFMT) | (mode & 07777);
	inode_unref(inode);
	return 0;
}

SYSCALL(chmod) { return arg[0] ? chmod_at(PATH_AT_FDCWD, arg[0], arg[1]) : -EFAULT; }
SYSCALL(fchmod) { return chmod_at(arg[0], 0, arg[1]); }
SYSCALL(fchmodat) { return arg[1] ? chmod_at(arg[0], arg[1], arg[2]) : -EFAULT; }

/* UID or GID -1: unchanged. */
static s32 chown_at(s32 dirfd, vaddr_t text, u32 flags, u32 uid, u32 gid)
{
	struct inode *inode;
	int error = changed_at(dirfd, text, flags, INODE_IMMUTABLE | INODE_APPEND, &inode);

	if (error < 0)
		return error;
	inode->uid = uid == ~0u ? inode->uid : uid;
	inode->gid = gid == ~0u ? inode->gid : gid;
	if (!inode_is(inode, S_IFDIR)) /* the program must not run with the new owner's rights */
		inode->mode &= ~(u32)(S_ISUID | (inode->mode & S_IXGRP ? S_ISGID : 0));
	inode_unref(inode);
	return 0;
}

SYSCALL(chown) { return arg[0] ? chown_at(PATH_AT_FDCWD, arg[0], 0, arg[1], arg[2]) : -EFAULT; }
SYSCALL(lchown) { return arg[0] ? chown_at(PATH_AT_FDCWD, arg[0], AT_SYMLINK_NOFOLLOW, arg[1], arg[2]) : -EFAULT; }
SYSCALL(fchown) { return chown_at(arg[0], 0, 0, arg[1], arg[2]); }

SYSCALL(fchownat)
{
	if (arg[4] & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return arg[1] ? chown_at(arg[0], arg[1], arg[4], arg[2], arg[3]) : -EFAULT;
}

/* --- times --------------------------------------------------------------------------------------------------------- */

enum { UTIME_NOW = 0x3FFFFFFF, UTIME_OMIT = 0x3FFFFFFE };

/* TIME: seconds and ns. The file system of INODE may store only seconds. */
static void set_time(const struct inode *inode, const u32 time[2], u32 *seconds, u32 *ns)
{
	struct inode_time now = inode_now();

	if (time[1] == UTIME_OMIT)
		return;
	*seconds = time[1] == UTIME_NOW ? now.seconds : time[0];
	if (inode->ops->fine_times)
		*ns = time[1] == UTIME_NOW ? now.ns : time[1];
}

static const u32 both_now[2][2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };

/* TIME: access and modification, each in seconds and ns. */
static s32 utime_at(s32 dirfd, vaddr_t text, u32 flags, const u32 time[2][2])
{
	struct inode *inode;
	int error;

	if (!text && dirfd == PATH_AT_FDCWD)
		return -EFAULT;
	error = changed_at(dirfd, text, flags, INODE_IMMUTABLE | (time == both_now ? 0 : INODE_APPEND), &inode);
	if (error < 0)
		return error;
	set_time(inode, time[0], &inode->atime, &inode->atime_ns);
	set_time(inode, time[1], &inode->mtime, &inode->mtime_ns);
	inode_unref(inode);
	return 0;
}

SYSCALL(utimensat)
{
	u32 time[2][2];

	memcpy(time, both_now, sizeof(time));
	if (arg[2] && usercopy_in(time, arg[2], sizeof(time)))
		return -EFAULT;
	if (time[0][1] == UTIME_OMIT && time[1][1] == UTIME_OMIT)
		return 0;
	for (u32 i = 0; i < 2; i++)
		if (time[i][1] >= NS_PER_SEC && time[i][1] != UTIME_NOW && time[i][1] != UTIME_OMIT)
			return -EINVAL;
	if (arg[3] & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return utime_at(arg[0], arg[1], arg[3], time);
}

/* FROM: two times in seconds and us; 0: now. */
static s32 utimes_at(s32 dirfd, vaddr_t text, vaddr_t from)
{
	u32 time[2][2];

	if (!from)
		return utime_at(dirfd, text, 0, both_now);
	if (usercopy_in(time, from, sizeof(time)))
		return -EFAULT;
	for (u32 i = 0; i < 2; i++) {
		if (time[i][1] >= US_PER_SEC)
			return -EINVAL;
		time[i][1] *= 1000;
	}
	return utime_at(dirfd, text, 0, time);
}

SYSCALL(utimes) { return utimes_at(PATH_AT_FDCWD, arg[0], arg[1]); }
SYSCALL(futimesat) { return utimes_at(arg[0], arg[1], arg[2]); }

/* Times in seconds. */
SYSCALL(utime)
{
	u32 seconds[2];

	if (!arg[1])
		return utime_at(PATH_AT_FDCWD, arg[0], 0, both_now);
	if (usercopy_in(seconds, arg[1], sizeof(seconds)))
		return -EFAULT;
	return utime_at(PATH_AT_FDCWD, arg[0], 0, (u32[2][2]){ { seconds[0], 0 }, { seconds[1], 0 } });
}

/* --- stat ---------------------------------------------------------------------------------------------------------- */

/* Calls OUT for the inode that DIRFD and TEXT name, to write its attributes to DST. */
static s32 stat_at(s32 dirfd, vaddr_t text, u32 flags, int (*out)(const struct inode *inode, vaddr_t dst), vaddr_t dst)
{
	struct inode *inode;
	int error = text ? inode_at(dirfd, text, flags, &inode) : -EFAULT;

	if (error < 0)
		return error;
	error = out(inode, dst);
	inode_unref(inode);
	return error;
}

SYSCALL(fstatat64)
{
	if (arg[3] & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	return stat_at(arg[0], arg[1], arg[3], stat_out, arg[2]);
}

struct statx_time {
	s64 sec;
	u32 ns, reserved;
};

struct statx {
	u32 mask, block_size;
	u64 attributes;
	u32 links, uid, gid;
	u16 mode, spare0;
	u64 ino, size, blocks, attributes_mask;
	struct statx_time atime, btime, ctime, mtime;
	u32 rdev_major, rdev_minor, dev_major, dev_minor;
	u64 spare[14];
};
STATIC_ASSERT(sizeof(struct statx) == 256, "Linux's struct statx");

#define STATX_BASIC 0x7FFu
#define STATX_RESERVED 0x80000000u

static int statx_out(const struct inode *i, vaddr_t dst)
{
	struct statx s = {
		.mask = STATX_BASIC, .block_size = PAGE_SIZE, .links = i->links, .uid = i->uid,
		.gid = i->gid, .mode = i->mode, .ino = i->ino, .size = i->size, .blocks = inode_sectors(i),
		.atime = { i->atime, i->atime_ns, 0 }, .ctime = { i->ctime, i->ctime_ns, 0 }, .mtime = { i->mtime, i->mtime_ns, 0 },
		.rdev_major = i->rdev >> 8, .rdev_minor = i->rdev & 0xFF, .dev_major = i->dev >> 8, .dev_minor = i->dev & 0xFF,
	};

	return usercopy_out(dst, &s, sizeof(s));
}

SYSCALL(statx)
{
	if (arg[2] & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	if ((arg[2] & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE || (arg[3] & STATX_RESERVED))
		return -EINVAL;
	return stat_at(arg[0], arg[1], arg[2], statx_out, arg[4]);
}

struct statfs64 {
	u32 type, block_size;
	u64 blocks, free, available, files, files_free;
	u32 fsid[2], name_max, fragment_size, flags, spare[4];
} __attribute__((packed));
STATIC_ASSERT(sizeof(struct statfs64) == 84, "Linux's struct statfs64 on i386");

static s32 statfs_out(const struct inode *inode, u32 size, vaddr_t dst)
{
	const struct filesystem *fs = filesystem_of(inode);
	struct statfs64 s = { .type = TMPFS_MAGIC, .block_size = PAGE_SIZE, .name_max = NAME_MAX, .fragment_size = PAGE_SIZE };

	if (size != sizeof(s))
		return -EINVAL;
	if (fs) {
		struct filesystem_usage u = filesystem_usage(fs);

		s.type = fs->type;
		s.blocks = u.blocks;
		s.free = s.available = u.blocks_free;
		s.files = u.inodes;
		s.files_free = u.inodes_free;
	}
	return usercopy_out(dst, &s, sizeof(s));
}

static s32 statfs_at(s32 dirfd, vaddr_t text, u32 size, vaddr_t dst)
{
	struct inode *inode;
	int error = inode_at(dirfd, text, 0, &inode);

	if (error < 0)
		return error;
	error = statfs_out(inode, size, dst);
	inode_unref(inode);
	return error;
}

SYSCALL(statfs64) { return arg[0] ? statfs_at(PATH_AT_FDCWD, arg[0], arg[1], arg[2]) : -EFAULT; }

SYSCALL(fstatfs64)
{
	struct file *f = file_get_place(arg[0]);
	int error;

	if (!f)
		return -EBADF;
	error = statfs_out(f->inode, arg[1], arg[2]);
	file_put(f);
	return error;
}

/* --- directory entries --------------------------------------------------------------------------------------------- */

/* Linux's first struct linux_dirent; the type is the last byte of an entry. */
struct old_dirent {
	u32 ino, next;
	u16 length;
	char name[];
};

static s32 old_dirent_out(const struct dirent *d, s64 next, vaddr_t dst, u32 room)
{
	u8 buf[ALIGN_UP(offsetof(struct old_dirent, name) + NAME_MAX + 2, 4)];
	struct old_dirent *out = (struct old_dirent *)buf;
	u32 size = ALIGN_UP(offsetof(struct old_dirent, name) + d->length + 2, 4);

	if (size > room)
		return -EINVAL;
	memset(buf, 0, size);
	out->ino = d->ino;
	out->next = (u32)next;
	out->length = size;
	memcpy(out->name, d->name, d->length);
	buf[size - 1] = d->type;
	return usercopy_out(dst, buf, size) ? -EFAULT : (s32)size;
}

SYSCALL(getdents) { return stat_dirents_call(arg, old_dirent_out); }

/* --- size ---------------------------------------------------------------------------------------------------------- */

static s32 truncate_path(vaddr_t text, s64 size)
{
	struct inode *inode;
	int error;

	if (size < 0)
		return -EINVAL;
	error = path_inode_user(PATH_AT_FDCWD, text, 0, &inode);
	if (error < 0)
		return error;
	if (inode_is(inode, S_IFDIR))
		error = -EISDIR;
	else if (!inode_is(inode, S_IFREG) || !inode->ops->resize)
		error = -EINVAL;
	else
		error = open_resize(inode, size);
	inode_unref(inode);
	return error;
}

SYSCALL(truncate) { return truncate_path(arg[0], (s32)arg[1]); }
SYSCALL(truncate64) { return truncate_path(arg[0], (s64)((u64)arg[2] << 32 | arg[1])); }
