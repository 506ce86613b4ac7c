/*
 * Inodes: what a path leads to. A file, a directory, a symbolic link, a device, one end of a pipe.
 *
 * Each file system embeds `struct inode` in its own and supplies a table of functions. An inode that was found by name
 * keeps the name and a reference to the directory that it was found in: so `..`, getcwd() and the paths in
 * /proc/PID/maps need no search, also across mounts. The chain of parents always ends at the root: an inode gets a
 * parent only if it has none, and only one whose own chain is complete.
 */
#pragma once

#include "kernel/base/types.h"
#include "kernel/fs/sleeplock.h"

struct dirent;
struct file;
struct file_ops;
struct inode;
struct memobj;
struct path;

#define NAME_MAX 255  /* bytes in one component */
#define PATH_MAX 4096 /* bytes in a path, NUL included */

enum {
	S_IFMT = 0170000, S_IFIFO = 0010000, S_IFCHR = 0020000, S_IFDIR = 0040000, S_IFBLK = 0060000,
	S_IFREG = 0100000, S_IFLNK = 0120000, S_IFSOCK = 0140000,
	S_ISUID = 04000, S_ISGID = 02000, S_IXGRP = 00010,
};

/* Device numbers of the file systems (st_dev) and of Linux's character devices (st_rdev). */
#define INODE_DEV(major, minor) ((major) << 8 | (minor))
enum { INODE_DEV_DEVFS = 5, INODE_DEV_PROC = 6, INODE_DEV_SHM = 7, INODE_DEV_PIPE = 8,
       INODE_DEV_MEMFD = 9, INODE_DEV_EXT2 = 0x301 };

/* NAME is not terminated: LENGTH bytes, 1 to NAME_MAX, never `.` or `..`. All may sleep but release. */
struct inode_ops {
	/* => 0 and *OUT with a reference, or -ENOENT, -EIO, -ENOMEM */
	int (*lookup)(struct inode *dir, const char *name, u32 length, struct inode **out);
	/* The entry at *POS; advances *POS past it. => 1, 0 at the end, negative error */
	int (*next)(struct inode *dir, u64 *pos, struct dirent *out);
	/* A new regular file; NULL: the file system is read-only. => as lookup, -EEXIST, -ENOSPC */
	int (*create)(struct inode *dir, const char *name, u32 length, u32 mode, struct inode **out);
	/* A new regular file without a name, which link() may (LINKABLE) give one; NULL: not supported. => as create */
	int (*create_unnamed)(struct inode *dir, u32 mode, bool linkable, struct inode **out);
	/* Removes the name of a file; NULL: read-only. => 0, -ENOENT */
	int (*unlink)(struct inode *dir, const char *name, u32 length, struct inode *victim);
	/* A new directory; NULL: read-only. => 0, -EEXIST, -ENOSPC, -ENOMEM */
	int (*mkdir)(struct inode *dir, const char *name, u32 length, u32 mode);
	/* Removes an empty directory. => 0, -ENOENT, -ENOTEMPTY */
	int (*rmdir)(struct inode *dir, const char *name, u32 length, struct inode *victim);
	/*
	 * A new symbolic link to TARGET, of 1 to PATH_MAX - 1 bytes; NULL: not supported. => 0, -EEXIST, -ENOSPC,
	 * -ENOMEM
	 */
	int (*symlink)(struct inode *dir, const char *name, u32 length, const char *target);
	/*
	 * Adds a name for FILE, of the same file system; NULL: not supported. => 0, -EEXIST, -EMLINK, -ENOSPC; -ENOENT:
	 * FILE has no name
	 */
	int (*link)(struct inode *dir, const char *name, u32 length, struct inode *file);
	/*
	 * Renames FROM to TO, in the same file system, replacing what TO names, or with RENAME_EXCHANGE exchanging the two.
	 * => as rename(2)
	 */
	int (*rename)(const struct path *from, const struct path *to, u32 flags);
	/* The target of a symbolic link into BUF, not terminated. => its length, negative error */
	int (*readlink)(struct inode *inode, char *buf, u32 size);
	/*
	 * The target of a symbolic link that leads straight to an inode (/proc/PID/fd); NULL: no link here does.
	 * => 0 and *OUT with a reference; 1: the link's text is to be walked instead; -ENOENT; never sleeps
	 */
	int (*follow)(struct inode *inode, struct inode **out);
	/* New size in bytes; NULL: cannot be changed. => 0, -EFBIG, -EIO, -EPERM */
	int (*resize)(struct inode *inode, u64 size);
	/*
	 * Allocates the pages of LENGTH bytes at OFFSET, so that a later store cannot fail, or (FALLOC_PUNCH_HOLE) frees them,
	 * so that they read as zeros. NULL: -EOPNOTSUPP. => as fallocate(2)
	 */
	int (*allocate)(struct inode *inode, u32 mode, u64 offset, u64 length);
	/*
	 * The caller is about to change INODE's mode, owner or times; NULL: they cannot be changed. => 0, -EROFS; never
	 * sleeps
	 */
	int (*touch)(struct inode *inode);
	/* Saves INODE so that it is found again after a crash; NULL: there is no disk. => 0, -EIO, -EINTR */
	int (*fsync)(struct inode *inode);
	bool fine_times; /* times have nanoseconds */
	/* Space taken, in units of 512 bytes; NULL: inode.sectors */
	u64 (*sectors)(const struct inode *inode);
	/* The object with the pages, owned by the inode; NULL or no function: it has none. May fail for memory. */
	struct memobj *(*memobj)(struct inode *inode);
	/*
	 * The last reference has been dropped: frees the inode and drops its parent, or keeps both for later. Never
	 * sleeps. Not called, and may be NULL, where the file system itself holds a reference forever.
	 */
	void (*release)(struct inode *inode);
};

/* Flags of an inode, with the values of Linux's ext2 and FS_IOC_GETFLAGS; the other bits are private to the file system. */
enum { INODE_SYNC = 0x8, INODE_IMMUTABLE = 0x10, INODE_APPEND = 0x20, INODE_DIRSYNC = 0x10000 };

struct inode {
	u32 refs;
	u32 dev, ino, rdev;
	u32 mode, links, flags;
	u32 uid, gid;
	u32 atime, mtime, ctime;     /* seconds since 1970 */
	u32 atime_ns, mtime_ns, ctime_ns; /* 0 where the file system keeps seconds only */
	u64 size;                    /* bytes */
	u64 sectors;                 /* space taken, in units of 512 bytes */
	const struct inode_ops *ops;
	const struct file_ops *file_ops; /* of an open file of it */
	struct inode *parent;        /* a reference; NULL: the root, or never had a name */
	const char *name;            /* in the parent, one of its names; storage is the file system's */
	bool unlinked;               /* that name has been removed */
	s32 writers;                 /* > 0: how often it is open for writing; < 0: how many tasks run it, negated */
	struct sleeplock write_lock; /* of a regular file: held while it is written or resized */
};

/* One entry of a directory, as getdents64() returns it. */
struct dirent {
	u32 ino;
	u8 type;                     /* Linux's DT_*: the mode's type bits shifted down by 12 */
	u32 length;
	char name[NAME_MAX + 1];
};

static inline bool inode_is(const struct inode *inode, u32 type)
{
	return (inode->mode & S_IFMT) == type;
}

static inline void inode_ref(struct inode *inode)
{
	inode->refs++;
}

/* Drops a reference; with the last one the file system's release is called. Never sleeps. */
void inode_unref(struct inode *inode);

/*
 * A file can be open for writing or run as a program, not both, as on Linux. Each successful begin needs its end.
 * => 0; -ETXTBSY: the file is in use the other way
 */
int inode_begin_write(struct inode *inode) MUST_CHECK;
void inode_end_write(struct inode *inode);
int inode_begin_run(struct inode *inode) MUST_CHECK;
void inode_end_run(struct inode *inode);

struct inode_time {
	u32 seconds, ns;
};
struct inode_time inode_now(void);

/* For a new INODE in DIR: if DIR has S_ISGID, INODE inherits its group, and if it is a directory S_ISGID as well. */
void inode_inherit(struct inode *inode, const struct inode *dir);

/* => space taken, in units of 512 bytes */
u64 inode_sectors(const struct inode *inode);

/* Sets the place in the tree of INODE, which has none. NAME must live as long as the inode. */
void inode_set_place(struct inode *inode, struct inode *parent, const char *name);

/* Fills an entry. */
void dirent_set(struct dirent *d, u32 ino, u32 mode, const char *name, u32 length);

/* The first two entries of every directory that is not on a disk. => 1, or 0 when *POS is beyond them */
int dirent_dots(struct inode *dir, u64 *pos, struct dirent *out);

/*
 * Writes the absolute path of INODE into BUF, terminated.
 * => its length without the NUL, -ERANGE if SIZE is too small, -ENOENT if it has no name
 */
int inode_path(const struct inode *inode, char *buf, u32 size);

/*
 * The path of INODE as /proc shows it: with ` (deleted)` after it if it has been removed; `pipe:[N]`. => its length,
 * -ERANGE
 */
int inode_describe(const struct inode *inode, char *buf, u32 size);

/* => the NAME of LENGTH bytes, part of a path, is TEXT */
bool inode_name_is(const char *name, u32 length, const char *text);
