/* From a path to an inode. */
#pragma once

#include "kernel/fs/inode.h"

enum {
	PATH_NOFOLLOW = 1 << 0, /* a symbolic link as last name is the result itself, unless a slash follows it */
	PATH_NAME = 1 << 1,     /* the last name is to be created, renamed or removed: a link is itself the result */
	PATH_FILE = 1 << 2,     /* a file is to be created if the last name is free: a slash after it is -EISDIR */
	PATH_EMPTY = 1 << 3,    /* an empty text means the directory, or file, where the path begins */
	PATH_OPENED = 1 << 4,   /* refuse a descriptor of O_PATH */
};

/* The kind of the last name. Only a NORMAL one can be created or removed. */
enum path_last { PATH_NORMAL, PATH_DOT, PATH_DOTDOT, PATH_ROOT };

struct path {
	struct inode *dir;   /* where the last name stands; a reference; NULL for PATH_ROOT */
	struct inode *inode; /* what it names; a reference; NULL: there is nothing of that name */
	enum path_last last;
	bool slash;          /* the text ended in a slash: must be a directory */
	u32 length;
	char name[NAME_MAX + 1];
};

/*
 * Follows TEXT from directory BASE (absolute: from the root; NULL: there is none).
 * => 0: P->inode may still be NULL, and with PATH_NAME be no directory though P->slash; P must be given to path_put()
 *    -ENOENT, -ENOTDIR, -EISDIR, -ENAMETOOLONG, -ELOOP, -EIO, -ENOMEM: nothing is held. May sleep.
 */
int path_find(struct inode *base, const char *text, u32 flags, struct path *p);
void path_put(struct path *p);

/*
 * The same for the system calls: text at user address TEXT, from descriptor DIRFD's directory (AT_FDCWD: the working
 * directory). With PATH_EMPTY a null TEXT counts as empty if there is a descriptor that is not of O_PATH.
 * => also -EFAULT, -EBADF
 */
#define PATH_AT_FDCWD (-100)
int path_find_user(s32 dirfd, vaddr_t text, u32 flags, struct path *p);

/* renameat2(2) */
enum { RENAME_NOREPLACE = 1, RENAME_EXCHANGE = 2 };
/*
 * Checks that FROM's inode may replace TARGET (NULL: the name is free) in TO's directory. Whether a directory TARGET is empty
 * is for the file system to check. => 0, -EINVAL, -ENOTEMPTY, -ENOTDIR, -EISDIR
 */
int path_may_move(const struct path *from, const struct path *to, const struct inode *target, u32 flags);

/* As path_find() for a kernel string, from the current task's directory. */
int path_find_kernel(const char *text, u32 flags, struct path *p);

/* As path_find_user(), but there must be something: an absent name is -ENOENT. => the inode with a reference */
int path_inode_user(s32 dirfd, vaddr_t text, u32 flags, struct inode **out);

/* Linux's flags of the calls with a DIRFD. => as those above */
enum { AT_SYMLINK_NOFOLLOW = 0x100, AT_SYMLINK_FOLLOW = 0x400, AT_EMPTY_PATH = 0x1000 };
static inline u32 path_flags_at(u32 flags)
{
	return (flags & AT_SYMLINK_NOFOLLOW ? PATH_NOFOLLOW : 0) | (flags & AT_EMPTY_PATH ? PATH_EMPTY : 0);
}
