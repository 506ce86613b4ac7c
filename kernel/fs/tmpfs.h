/*
 * /dev/shm: a file system that lives in memory only.
 *
 * The pages of a file are a shared memory object: they can be swapped, and all files together may fill half of memory
 * and swap (memobj_shm.h). Inodes, names and the maps that list them are kernel memory, which cannot be swapped:
 * together they have a limit of their own. Beyond either limit a call answers ENOSPC, as on a Linux tmpfs.
 */
#pragma once

#include "kernel/fs/filesystem.h"
#include "kernel/fs/inode.h"
#include "mm/backing.h"
#include "mm/pagemap.h"

struct tmpfs_inode;

/* A directory's entry. */
struct tmpfs_name {
	struct tmpfs_name *next;     /* with the same hash value */
	struct tmpfs_inode *dir;     /* NULL: in no directory (any more) */
	struct tmpfs_inode *inode;   /* a reference, while it is in a directory */
	u32 position;                /* in the directory */
	u32 length;
	char text[];                 /* terminated */
};

struct tmpfs_inode {
	struct inode inode;
	struct tmpfs_name *place;    /* holds inode.name; NULL: the root */
	u32 charged_beside;          /* bytes of kernel memory in its object or its link's target */
	bool linkable;               /* made without a name (O_TMPFILE), it may be linked */
	u32 seals;                   /* of a regular file: memfd.h */
	struct backing backing;      /* of a regular file's object: stores through mappings are reported to it */
	union {
		struct memobj *object; /* of a regular file */
		char *target;          /* of a symbolic link */
		struct {
			struct pagemap names; /* of a directory: position -> struct tmpfs_name */
			u32 last;             /* the highest position that was ever given out */
			u32 map_charged;      /* bytes of kernel memory in the nodes of `names` */
		};
	};
};

#define TMPFS_MAGIC 0x01021994 /* f_type of statfs(2) */

extern struct tmpfs_inode tmpfs_root; /* lives forever */
extern struct filesystem tmpfs_filesystem;

static inline struct tmpfs_inode *tmpfs_of(const struct inode *inode)
{
	return container_of(inode, struct tmpfs_inode, inode);
}

/* Is INODE a file whose pages live in memory only, with a name or without one? */
static inline bool tmpfs_is_file(const struct inode *inode)
{
	return (inode->dev == INODE_DEV_SHM || inode->dev == INODE_DEV_MEMFD) && inode_is(inode, S_IFREG);
}

/* At power-off: removes every name, so that all memory is freed. */
void tmpfs_end(void);

/* --- tmpfs.c: inodes, and names that are in no directory ------------------------------------------------------------- */

/*
 * A new inode without a name, of type and permissions MODE, as one made in DIR (NULL: nowhere); TARGET: of a symbolic
 * link.
 * => 0 and *OUT with one reference; -ENOSPC, -ENOMEM; may sleep
 */
int tmpfs_make(const struct tmpfs_inode *dir, u32 mode, const char *target, struct tmpfs_inode **out);

/* => 0 and a name in no directory; -ENOSPC, -ENOMEM; may sleep */
int tmpfs_name_make(const char *text, u32 length, struct tmpfs_name **out);
void tmpfs_name_free(struct tmpfs_name *n);

/* The map of DIR's names has more nodes now, or fewer: charges the difference. Never sleeps. */
void tmpfs_charge_map(struct tmpfs_inode *dir);

/* T's path is N in PARENT from now on. Frees the name that was in its path before if that is in no directory any more. */
void tmpfs_settle(struct tmpfs_inode *t, struct tmpfs_name *n, struct inode *parent);

/* Sets ctime, and with CONTENTS mtime, to now. */
void tmpfs_changed(struct tmpfs_inode *t, bool contents);
/* Sets atime to now if Linux's mount option relatime would. */
void tmpfs_accessed(struct tmpfs_inode *t);

/* --- tmpfs_entries.c: entries of directories. None of these sleeps. --------------------------------------------------- */

/* => the entry of that name in DIR, or NULL */
struct tmpfs_name *tmpfs_find(const struct inode *dir, const char *text, u32 length);

/* => 0: the next tmpfs_insert() into DIR cannot fail, unless an entry is removed before; -ENOENT, -ENOSPC, -ENOMEM */
int tmpfs_may_insert(struct tmpfs_inode *dir);

/* N, which is in no directory, becomes an entry of DIR and names T; takes a reference to T. */
void tmpfs_insert(struct tmpfs_inode *dir, struct tmpfs_name *n, struct tmpfs_inode *t);

/* Takes N out of its directory and drops its reference. Frees N, unless it stands in its inode's path (`place`). */
void tmpfs_remove(struct tmpfs_name *n);

/* --- tmpfs_names.c, tmpfs_file.c -------------------------------------------------------------------------------------- */

extern const struct inode_ops tmpfs_directory_ops, tmpfs_file_inode_ops, tmpfs_symlink_ops;
extern const struct file_ops tmpfs_file_ops;
void tmpfs_release(struct inode *inode); /* inode_ops.release */
int tmpfs_touch(struct inode *inode);    /* inode_ops.touch */
