/*
 * The mounted file systems, and the operations that all of them have. The rest of the kernel knows a file system only
 * by these and by the operations of its inodes.
 *
 * "/" is mounted first; /dev, /proc and /dev/shm are laid over it by name, whether or not the disk has directories
 * there. Nothing is mounted or unmounted once programs run.
 */
#pragma once

#include "kernel/base/list.h"
#include "kernel/base/types.h"

struct filesystem;
struct inode;
struct memobj;

/* For statfs(2) and /proc. */
struct filesystem_usage {
	u32 blocks, blocks_free, inodes, inodes_free; /* blocks of 4096 bytes */
	u32 metadata;                                 /* pages of tables and bitmaps in memory */
	u32 dir_pages_searched, dir_slots_searched;   /* since boot: pages of directories, slots of their indexes */
};

/* Any of these may be NULL: there is nothing to do or to report. */
struct filesystem_ops {
	/* Saves everything. => 0 or the first error; sleeps */
	int (*sync)(struct filesystem *fs);
	/* Saves everything and marks the disk clean: nothing is changed after this. Sleeps. */
	void (*end)(struct filesystem *fs);
	/* Frees unused inodes with their cached pages. Never sleeps. */
	void (*drop_caches)(struct filesystem *fs);
	/* Adds to what is in U. Never sleeps. */
	void (*usage)(const struct filesystem *fs, struct filesystem_usage *u);
	/*
	 * => the inode whose pages OBJ holds; NULL: OBJ belongs to no file of this file system. No reference; never
	 *    sleeps.
	 */
	struct inode *(*inode_of)(const struct memobj *obj);
};

struct filesystem {
	const char *name;             /* as in /proc/mounts: ext2, proc */
	const char *disk;             /* that it is on; NULL: none */
	u32 dev;                      /* st_dev of its inodes */
	u32 type;                     /* f_type of statfs(2) */
	bool read_only;
	const struct filesystem_ops *ops;
	struct inode *root;           /* a reference */

	/* Where it is mounted. */
	struct inode *over;           /* its root stands for an entry of this directory; NULL: it is the root of all */
	const char *entry;
	struct list link;             /* filesystems */
};

extern struct list filesystems;       /* mounted, in this order */
extern struct inode *filesystem_root; /* "/"; NULL: nothing is mounted yet */

/*
 * Mounts FS, which lives forever, over entry NAME of the directory OVER; as "/" if OVER is NULL, which must be the
 * first.
 */
void filesystem_mount(struct filesystem *fs, struct inode *over, const char *name);

/* => the root of the file system that is mounted over that entry of DIR; NULL: none is. No reference. */
struct inode *filesystem_mounted(const struct inode *dir, const char *name, u32 length);

/* => the file system that INODE is in; NULL: in none, as a pipe */
struct filesystem *filesystem_of(const struct inode *inode);
/* => the file whose pages are in OBJ; NULL: none. No reference; never sleeps. */
struct inode *filesystem_inode_of(const struct memobj *obj);

/* => of FS; of all (NULL) */
struct filesystem_usage filesystem_usage(const struct filesystem *fs);

/* The operations above, for all mounted file systems. */
int filesystem_sync(void);
void filesystem_end(void);
void filesystem_drop_caches(void);

/* A kernel thread that saves everything every five seconds, and when writeback_wanted is woken. */
void filesystem_writer(void *unused);
