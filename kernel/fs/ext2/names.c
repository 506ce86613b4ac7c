/*
 * Changing directories of ext2: names are added and removed. (Renaming: rename.c.)
 *
 * One lock covers all directories of a disk, so what has been checked about names still holds when they are changed. A
 * lookup needs no lock, since a page of entries is never changed over a sleep.
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/kmalloc.h"

#define EXT2_ORPHANS_MAX 32u

void ext2_names_add_links(struct inode *inode, int change)
{
	inode->links += change;
	ext2_inode_touch(ext2_of(inode), false);
}

void ext2_names_lose(struct inode *inode, const struct inode *dir, struct ext2_name name)
{
	ext2_names_add_links(inode, inode_is(inode, S_IFDIR) ? -(int)inode->links : -1);
	if (!inode->links || (inode->parent == dir && strlen(inode->name) == name.length &&
			      memcmp(inode->name, name.text, name.length) == 0))
		inode->unlinked = true;
}

int ext2_names_lock(const struct inode *dir)
{
	struct ext2_volume *v = ext2_of(dir)->volume;
	int r = !v->writable ? -EROFS : dir->flags & INODE_IMMUTABLE ? -EPERM : sleeplock_take(&v->names);

	if (r == 0 && !dir->links) {
		sleeplock_release(&v->names);
		r = -ENOENT;
	}
	return r;
}

int ext2_names_unlock(struct inode *dir, int r)
{
	sleeplock_release(&ext2_of(dir)->volume->names);
	return r == 0 && (dir->flags & (INODE_SYNC | INODE_DIRSYNC)) ? ext2_fsync(dir) : r;
}

int ext2_names_removable(const struct inode *dir, const struct inode *inode)
{
	return (dir->flags & INODE_APPEND) || (inode->flags & (INODE_APPEND | INODE_IMMUTABLE)) ? -EPERM : 0;
}

/* --- new names ----------------------------------------------------------------------------------------------------- */

/* With the lock. => 0: NAME is free in DIR; -EEXIST, -ENOMEM, -EIO, -EINTR */
static int ext2_names_free(struct inode *dir, struct ext2_name name)
{
	struct inode *there;
	int r = ext2_lookup(dir, name.text, name.length, &there);

	if (r == 0) {
		inode_unref(there);
		return -EEXIST;
	}
	return r == -ENOENT ? 0 : r;
}

static int ext2_new_inode(struct inode *dir, struct ext2_name name, u32 mode, struct inode **out)
{
	struct ext2_volume *v = ext2_of(dir)->volume;
	bool directory = (mode & S_IFMT) == S_IFDIR;
	u32 ino;
	int r;

	do {
		r = ext2_alloc_inode(v, dir->ino, directory, &ino);
	} while (r == -ENOSPC && ext2_reap(v));
	if (r < 0)
		return r;
	r = ext2_inode_make(v, ino, mode, dir, name, out);
	if (r == -ENOMEM)
		ext2_alloc_free_inode(v, ino, directory);
	return r;
}

static int ext2_fill_directory(struct inode *inode, struct inode *parent)
{
	int r = ext2_entries_add(inode, (struct ext2_name){ ".", 1 }, inode);

	if (r == 0)
		r = ext2_entries_add(inode, (struct ext2_name){ "..", 2 }, parent);
	if (r == 0)
		ext2_names_add_links(inode, 1);
	return r;
}

/* With the lock: a new file, directory or link to TARGET, which cannot be found if this fails. */
static int ext2_make(struct inode *dir, struct ext2_name name, u32 mode, const char *target, struct inode **out)
{
	struct inode *made;
	int r = ext2_names_free(dir, name);

	if (r == 0)
		r = ext2_new_inode(dir, name, mode, &made);
	if (r < 0)
		return r;
	if (inode_is(made, S_IFDIR))
		r = ext2_fill_directory(made, dir);
	else if (inode_is(made, S_IFLNK))
		r = ext2_symlink_fill(made, target);
	if (r == 0)
		r = ext2_entries_add(dir, name, made);
	if (r == 0 && inode_is(made, S_IFDIR))
		ext2_names_add_links(dir, 1);
	if (r < 0) {
		made->links = 0;
		inode_unref(made);
		return r;
	}
	*out = made;
	return 0;
}

static int ext2_make_locked(struct inode *dir, struct ext2_name name, u32 mode, const char *target, struct inode **out)
{
	int r = ext2_names_lock(dir);
	struct inode *made;

	if (r < 0)
		return r;
	r = ext2_make(dir, name, mode, target, &made);
	if (r < 0)
		return ext2_names_unlock(dir, r);
	r = ext2_names_unlock(dir, 0);
	if (r < 0)
		inode_unref(made);
	*out = made;
	return r;
}

int ext2_create(struct inode *dir, const char *name, u32 length, u32 mode, struct inode **out)
{
	return ext2_make_locked(dir, (struct ext2_name){ name, length }, mode, NULL, out);
}

int ext2_mkdir(struct inode *dir, const char *name, u32 length, u32 mode)
{
	struct inode *made;
	int r = dir->links < EXT2_LINKS_MAX ? ext2_create(dir, name, length, S_IFDIR | mode, &made) : -EMLINK;

	if (r == 0)
		inode_unref(made);
	return r;
}

int ext2_symlink(struct inode *dir, const char *name, u32 length, const char *target)
{
	struct inode *made;
	int r = ext2_make_locked(dir, (struct ext2_name){ name, length }, S_IFLNK | 0777, target, &made);

	if (r == 0)
		inode_unref(made);
	return r;
}

/* With the lock. */
static int ext2_add_name(struct inode *dir, struct ext2_name name, struct inode *file)
{
	int r = ext2_names_free(dir, name);

	if (r == 0 && (file->flags & (INODE_APPEND | INODE_IMMUTABLE)))
		r = -EPERM;
	if (r == 0 && !file->links)
		r = -ENOENT;
	if (r == 0 && file->links >= EXT2_LINKS_MAX)
		r = -EMLINK;
	if (r == 0)
		r = ext2_entries_add(dir, name, file);
	if (r == 0)
		ext2_names_add_links(file, 1);
	return r;
}

int ext2_link(struct inode *dir, const char *name, u32 length, struct inode *file)
{
	int r = ext2_names_lock(dir);

	if (r < 0)
		return r;
	return ext2_names_unlock(dir, ext2_add_name(dir, (struct ext2_name){ name, length }, file));
}

/* --- names that go ------------------------------------------------------------------------------------------------- */

int ext2_names_same(struct inode *dir, struct ext2_name name, const struct inode *victim)
{
	struct inode *now;
	int r = ext2_lookup(dir, name.text, name.length, &now);

	if (r < 0)
		return r;
	inode_unref(now);
	return now == victim ? 0 : -ENOENT;
}

int ext2_names_none(struct inode *dir)
{
	struct dirent d;
	u64 pos = 0;
	int r;

	while ((r = dir->ops->next(dir, &pos, &d)) > 0)
		if (strcmp(d.name, ".") != 0 && strcmp(d.name, "..") != 0)
			return -ENOTEMPTY;
	return r;
}

/* With the lock. */
static int ext2_remove_name(struct inode *dir, struct ext2_name name, struct inode *victim)
{
	bool directory = inode_is(victim, S_IFDIR);
	int r = ext2_names_same(dir, name, victim);

	if (r == 0)
		r = ext2_names_removable(dir, victim);
	if (r == 0 && directory)
		r = ext2_names_none(victim);
	if (r == 0)
		r = ext2_entries_change(dir, name, NULL);
	if (r < 0)
		return r;
	ext2_names_lose(victim, dir, name);
	if (directory)
		ext2_names_add_links(dir, -1);
	return 0;
}

int ext2_unlink(struct inode *dir, const char *name, u32 length, struct inode *victim)
{
	int r = ext2_names_lock(dir);

	if (r < 0)
		return r;
	r = ext2_names_unlock(dir, ext2_remove_name(dir, (struct ext2_name){ name, length }, victim));
	if (ext2_of(dir)->volume->orphans > EXT2_ORPHANS_MAX)
		ext2_reap(ext2_of(dir)->volume); /* the write-back thread does not wake often enough for this task */
	return r;
}
