/*
 * One mounted ext2 file system: what the files of this folder share among themselves. Each uses only those before it:
 *
 *   format.h       what is on the disk
 *   volume.c       a block of metadata; reports damage
 *   features.c     what of a disk, and of an inode, may be read and written
 *   alloc.c        bitmaps: blocks and inodes are taken and freed
 *   attributes.c   a block of extended attributes is freed
 *   inode_disk.c   an inode is read and written
 *   truncate.c     the blocks of a file are freed
 *   index_table.c  the table in an index of names
 *   inode.c        the inodes in memory, and their pages
 *   symlink.c      where a link's target stands
 *   reap.c         inodes without name and user are freed
 *   map.c          where a file's pages lie on the disk
 *   page.c         a page of a directory
 *   index.c        an index of a directory's names
 *   dir.c          a directory is searched and listed
 *   entries.c      a directory is changed
 *   sync.c         everything is saved; fsync
 *   file.c         a file is written and resized
 *   names.c        create, mkdir, symlink, link, unlink, rmdir
 *   rename.c       rename
 *   ops.c          the tables of these functions
 *   super.c        mounting
 */
#pragma once

#include "kernel/fs/ext2/format.h"
#include "kernel/fs/ext2/page.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/inode.h"
#include "mm/backing.h"
#include "mm/memobj.h"

struct block_device;

#define EXT2_LINKS_MAX 32000u /* as Linux has it */
#define EXT2_GROUP_PAGES 8u /* of group descriptors: a disk with more, 128 GiB, is only read */

struct ext2_volume {
	struct filesystem fs;
	struct block_device *disk;
	struct memobj *metadata;    /* the whole disk as pages: tables and indirect blocks */
	u32 blocks, inodes, groups;
	u32 inodes_per_group, inodes_per_block, inode_size;
	u32 first_block;            /* the first that may hold data: behind superblock and group descriptors */
	bool typed_entries;
	u32 complaints;

	/* For writing. */
	bool writable, large_files;
	bool was_clean;             /* when it was mounted, and what it is marked as at the end */
	u32 blocks_per_group, first_ino;
	struct frame *super;        /* page 0 of the metadata and the groups' descriptors: pinned while mounted */
	struct frame *groups_at[EXT2_GROUP_PAGES];
	struct sleeplock names;     /* held while a name is made, removed or moved */
	u32 orphans;                /* released without a name since the last ext2_reap(); some may be in use again */
	u32 names_gone;             /* how many have been removed: after a sleep, a name is looked up again if one has */
};

struct ext2_inode {
	struct inode inode;
	struct ext2_volume *volume;
	struct backing backing;     /* maps the file's pages to the disk's */
	struct memobj *object;      /* the file's pages; NULL: not needed yet */
	struct list link;           /* the table of inodes in memory, latest used first */
	u32 block[EXT2_DIRECT + 3];
	u32 attributes;             /* a block of extended attributes; 0: none */
	u32 goal;                   /* where its next block is best */
	struct ext2_index *index;   /* of a large directory's names, or NULL */
	u32 unindexed, changes;     /* searches until an index is tried again; how often a name came or went */
	u64 listed_to;              /* where the last listing step ended, */
	u32 listed_changes;         /* and `changes` then */
	bool dirty;                 /* the disk has an older state of it */
	bool fresh;                 /* the disk has nothing of it */
	u32 pass;                   /* of ext2_sync(), that has dealt with it */
	char *name;                 /* its own allocation */
};

static inline struct ext2_inode *ext2_of(const struct inode *inode)
{
	return container_of(inode, struct ext2_inode, inode);
}

/* --- volume.c ------------------------------------------------------------------------------------------------------ */

/* => the superblock of V, which is mounted; a caller that changes it makes V->super dirty */
struct ext2_super *ext2_super_of(const struct ext2_volume *v);

/* Reports what is wrong with the disk, up to a number of times, and marks it as having errors. => -EIO */
int ext2_damaged(struct ext2_volume *v, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sets whether the superblock says that the disk is clean, which it is not while mounted for writing. */
void ext2_set_clean(struct ext2_volume *v, bool clean);

/* May BLOCK hold data? */
static inline bool ext2_block_valid(const struct ext2_volume *v, u32 block)
{
	return block >= v->first_block && block < v->blocks;
}

/* A block of metadata, pinned (frame_unpin()). => 0, -EIO, -EINTR; sleeps */
int ext2_metadata(struct ext2_volume *v, u32 block, struct frame **f);

/* --- features.c ---------------------------------------------------------------------------------------------------- */

/* => 0; -EOPNOTSUPP: cannot be mounted, which is reported with the reason */
int ext2_features_check(const struct ext2_volume *v, const struct ext2_super *s);
/* => may V be written? If not, reports why. */
bool ext2_features_may_write(const struct ext2_volume *v, const struct ext2_super *s);
/* V, whose superblock is S, is mounted for writing: reports if it should be checked, and counts the mount. */
void ext2_features_begin(struct ext2_volume *v, struct ext2_super *s);
/* => 0 if inode INO with FLAGS can be read; -EIO: it cannot, which is reported */
int ext2_flags_check(struct ext2_volume *v, u32 ino, u32 flags);
/* => the flags in memory for FLAGS on the disk: an inode that this kernel cannot change properly is immutable, so never saved */
u32 ext2_flags_read(u32 flags);
/* => the flags of a new inode of MODE in a directory with the flags PARENT */
u32 ext2_flags_inherit(u32 parent, u32 mode);

/* --- alloc.c ------------------------------------------------------------------------------------------------------- */

/*
 * Blocks and inodes are taken and freed in the bitmaps. What was found free is marked, and nothing sleeps from then
 * until the return. => 0; -ENOSPC, -EIO, -EINTR: nothing has changed; may sleep
 */
int ext2_alloc_block(struct ext2_volume *v, u32 goal, u32 *block) MUST_CHECK;
int ext2_alloc_inode(struct ext2_volume *v, u32 near, bool directory, u32 *ino) MUST_CHECK;
void ext2_alloc_free_block(struct ext2_volume *v, u32 block);
void ext2_alloc_free_inode(struct ext2_volume *v, u32 ino, bool directory);
/* Can BLOCK be no file's, whatever an inode or a bitmap says? */
bool ext2_alloc_is_table(struct ext2_volume *v, u32 block);

/* --- attributes.c: drops the use of the block of extended attributes by I, which is being freed. Sleeps. ------------- */

void ext2_attributes_put(struct ext2_inode *i);

/* --- inode_disk.c -------------------------------------------------------------------------------------------------- */

/*
 * Makes the empty I what the disk has as inode INO. GONE: the count of names removed, when INO was found.
 * => 0, -EIO, -EINTR; -EAGAIN: a name has gone since; sleeps
 */
int ext2_inode_read(struct ext2_inode *i, u32 ino, u32 gone);
/* Sets what follows from I's mode and number. */
void ext2_inode_set_kind(struct ext2_inode *i);
/* Writes what the disk must know of I into its page of the inode table. => 0, -EIO, -EINTR; sleeps */
int ext2_inode_store(struct ext2_inode *i);
/* I differs from what the disk has; its contents (or only the inode) changed now. */
void ext2_inode_touch(struct ext2_inode *i, bool contents);
int ext2_touch(struct inode *inode); /* inode_ops.touch */

/* --- truncate.c: frees the blocks of I's pages from FIRST on. Its object ends there already. Sleeps. ----------------- */

void ext2_truncate(struct ext2_inode *i, u32 first);

/* --- inode.c ------------------------------------------------------------------------------------------------------- */

/*
 * Inode INO, found as NAME in PARENT (NULL: the root).
 * => 0 and *OUT with a reference; -EIO (no such inode, or damaged), -ENOMEM, -EINTR; -EAGAIN: while this slept a name
 *    was removed, look NAME up again; sleeps
 */
int ext2_inode_get(struct ext2_volume *v, u32 ino, struct inode *parent, struct ext2_name name, struct inode **out);

/*
 * Makes inode INO, just allocated, for NAME in PARENT; inherits some of PARENT's flags.
 * => 0, -ENOMEM; -EIO: INO is in use already although the bitmap said free; sleeps
 */
int ext2_inode_make(struct ext2_volume *v, u32 ino, u32 mode, struct inode *parent, struct ext2_name name,
		    struct inode **out);

/* => an inode in memory that IS true of and that neither pass PASS (0: none) nor a later one has dealt with, or NULL */
struct ext2_inode *ext2_inode_next(bool (*is)(const struct ext2_inode *), u32 pass);

/* Has it neither name nor user? */
bool ext2_inode_is_orphan(const struct ext2_inode *i);

/* Writes I's pages, if PAGES, and then I, if it has changed. => 0, -EIO, -EINTR; sleeps */
int ext2_inode_save(struct ext2_inode *i, bool pages);

/* Of filesystem_ops: frees unused inodes that are saved; finds the inode whose pages OBJ holds. */
void ext2_drop_caches(struct filesystem *fs);
struct inode *ext2_inode_of(const struct memobj *obj);

/* Frees an inode without user. */
void ext2_inode_forget(struct ext2_inode *i);

/* The inode stands at NAME, an allocation that it takes over (ext2_inode_name()), in PARENT from now on. */
void ext2_inode_move(struct ext2_inode *i, struct inode *parent, char *name);
char *ext2_inode_name(struct ext2_name name); /* NULL: out of memory; may sleep */

void ext2_inode_release(struct inode *inode); /* inode_ops.release: the inode stays in the table */

/* inode_ops.memobj: the object with INODE's pages, made when first needed. => NULL: out of memory; may sleep */
struct memobj *ext2_memobj(struct inode *inode);

/* --- symlink.c ----------------------------------------------------------------------------------------------------- */

/* Does the target stand in the inode? Then there are no block numbers. */
bool ext2_symlink_is_short(const struct inode *link);
/* LINK is new and empty. => 0, -ENOSPC, -ENOMEM, -EIO, -EINTR; may sleep, then what LINK is follows from its size already */
int ext2_symlink_fill(struct inode *link, const char *target);
int ext2_readlink(struct inode *link, char *buf, u32 size); /* inode_ops.readlink */

/* --- reap.c: frees inodes without name and user, with their blocks. => how many; sleeps ------------------------------ */

u32 ext2_reap(struct ext2_volume *v);

/* --- map.c --------------------------------------------------------------------------------------------------------- */

extern const struct backing_ops ext2_backing_ops;
/* The most pages that a file can have. */
#define EXT2_PAGES_MAX (EXT2_DIRECT + EXT2_POINTERS + EXT2_POINTERS * EXT2_POINTERS + \
			EXT2_POINTERS * EXT2_POINTERS * EXT2_POINTERS)

/* --- dir.c --------------------------------------------------------------------------------------------------------- */

/* Finds entry NAME of DIR; its page is pinned. => its inode's number; 0: there is none; -EIO, -EINTR, -ENOMEM; sleeps */
s32 ext2_dir_search(struct inode *dir, struct ext2_name name, struct frame **f);
int ext2_lookup(struct inode *dir, const char *name, u32 length, struct inode **out); /* inode_ops.lookup */
int ext2_next(struct inode *dir, u64 *pos, struct dirent *out);                       /* inode_ops.next */
extern u32 ext2_dir_pages_searched;                                                   /* since boot */

/* --- entries.c: for callers that hold the lock on names --------------------------------------------------------------- */

/* => 0, -ENOSPC, -EIO, -EINTR: nothing has changed but perhaps the directory's size; sleeps */
int ext2_entries_add(struct inode *dir, struct ext2_name name, const struct inode *target);
/* The page of DIR with NAME's entry, pinned. => 0, -ENOENT, -EIO, -EINTR; sleeps */
int ext2_entries_find(struct inode *dir, struct ext2_name name, struct frame **f);
/* In that page NAME's entry names TARGET from now on, or (NULL) is removed. Unpins the page; never sleeps. */
void ext2_entries_set(struct inode *dir, struct ext2_name name, struct frame *f, const struct inode *target);
/* Both. */
int ext2_entries_change(struct inode *dir, struct ext2_name name, const struct inode *target);

/* --- sync.c -------------------------------------------------------------------------------------------------------- */

int ext2_fsync(struct inode *inode);      /* inode_ops.fsync */
int ext2_sync(struct filesystem *fs);     /* filesystem_ops */
void ext2_end(struct filesystem *fs);

/* --- file.c -------------------------------------------------------------------------------------------------------- */

s32 ext2_write(struct file *f, vaddr_t src, u32 n, u64 pos);             /* file_ops.write */
int ext2_resize(struct inode *inode, u64 size);                          /* inode_ops.resize */
int ext2_allocate(struct inode *inode, u32 mode, u64 offset, u64 length); /* inode_ops.allocate */

/* --- names.c and rename.c: inode_ops that change directories ---------------------------------------------------------- */

int ext2_create(struct inode *dir, const char *name, u32 length, u32 mode, struct inode **out);
int ext2_mkdir(struct inode *dir, const char *name, u32 length, u32 mode);
int ext2_symlink(struct inode *dir, const char *name, u32 length, const char *target);
int ext2_link(struct inode *dir, const char *name, u32 length, struct inode *file);
int ext2_unlink(struct inode *dir, const char *name, u32 length, struct inode *victim);
int ext2_rename(const struct path *from, const struct path *to, u32 flags);

/* For every change of names: takes the disk's lock on names if DIR may be changed. => 0, -EROFS, -EPERM, -ENOENT, -EINTR */
int ext2_names_lock(const struct inode *dir);
/* Ends a change of DIR's names with result R; saves DIR first if its flags ask for that. => R, -EIO; may sleep */
int ext2_names_unlock(struct inode *dir, int r);
/* => 0 if the flags of DIR and INODE permit to remove INODE's name from DIR, else -EPERM */
int ext2_names_removable(const struct inode *dir, const struct inode *inode);
void ext2_names_add_links(struct inode *inode, int change);
/* INODE has lost NAME in DIR, and perhaps has others. */
void ext2_names_lose(struct inode *inode, const struct inode *dir, struct ext2_name name);
/* Does NAME in DIR still name VICTIM? Another task may have been here while this one slept. => 0, -ENOENT, -EIO, -EINTR */
int ext2_names_same(struct inode *dir, struct ext2_name name, const struct inode *victim);
/* => 0: DIR holds nothing but itself and its parent; -ENOTEMPTY, -EIO, -EINTR */
int ext2_names_none(struct inode *dir);

/* --- ops.c --------------------------------------------------------------------------------------------------------- */

extern const struct inode_ops ext2_inode_ops, ext2_file_inode_ops;
extern const struct file_ops ext2_file_ops, ext2_read_only_file_ops;
