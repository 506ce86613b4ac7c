/*
 * Moving names of ext2, within a directory or to another one, onto a free name or in the place of what has it.
 *
 * The new name is written before the old one goes, so that a crash may leave a file with two names but not without any.
 * Whatever the second step needs is in memory before the first: so the call fails before it has changed a name, or not at all.
 */
#include "kernel/base/errno.h"
#include "kernel/fs/ext2_volume.h"
#include "kernel/fs/path.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"

static bool ext2_is_in(const struct inode *dir, const struct inode *above)
{
	while (dir && dir != above)
		dir = dir->parent;
	return dir;
}

/* May what FROM names take TARGET's place (NULL: it is free) in TO's directory? */
static int ext2_rename_check(const struct path *from, const struct path *to, struct inode *target)
{
	const struct inode *moved = from->inode;

	if (ext2_names_removable(from->dir, moved) || (from->dir->flags & INODE_IMMUTABLE) ||
	    (target && ext2_names_removable(to->dir, target)))
		return -EPERM;
	if (ext2_is_in(to->dir, moved))
		return -EINVAL;
	if (target && ext2_is_in(from->dir, target))
		return -ENOTEMPTY;
	if (!target)
		return inode_is(moved, S_IFDIR) && from->dir != to->dir && to->dir->links >= EXT2_LINKS_MAX ? -EMLINK : 0;
	if (inode_is(moved, S_IFDIR) && !inode_is(target, S_IFDIR))
		return -ENOTDIR;
	if (!inode_is(moved, S_IFDIR))
		return inode_is(target, S_IFDIR) ? -EISDIR : 0;
	return ext2_names_none(target);
}

/* Everything that must be read is in memory before the first change: from then on nothing can fail. */
struct ext2_rename {
	struct frame *old; /* with the old name */
	struct frame *up;  /* with a directory's `..`; NULL: stays as it is */
};

static const struct ext2_name dot_dot = { "..", 2 };

static int ext2_rename_get(const struct path *from, const struct path *to, struct ext2_rename *pages)
{
	int r = ext2_entries_find(from->dir, (struct ext2_name){ from->name, from->length }, &pages->old);

	pages->up = NULL;
	if (r < 0 || !inode_is(from->inode, S_IFDIR) || from->dir == to->dir)
		return r;
	r = ext2_entries_find(from->inode, dot_dot, &pages->up);
	if (r < 0)
		frame_unpin(pages->old);
	return r;
}

static void ext2_rename_put(const struct ext2_rename *pages)
{
	frame_unpin(pages->old);
	if (pages->up)
		frame_unpin(pages->up);
}

/* The new name is there: the old one goes. NAME is taken over. */
static void ext2_rename_finish(const struct path *from, const struct path *to, struct inode *target,
			       const struct ext2_rename *pages, char *name)
{
	struct inode *moved = from->inode;

	ext2_entries_set(from->dir, (struct ext2_name){ from->name, from->length }, pages->old, NULL);
	if (target)
		ext2_names_lose(target, to->dir, (struct ext2_name){ to->name, to->length });
	if (target && inode_is(moved, S_IFDIR))
		ext2_names_add_links(to->dir, -1);
	if (pages->up) {
		ext2_entries_set(moved, dot_dot, pages->up, to->dir);
		ext2_names_add_links(from->dir, -1);
		ext2_names_add_links(to->dir, 1);
	}
	ext2_inode_touch(ext2_of(moved), false);
	ext2_inode_move(ext2_of(moved), to->dir, name);
}

static int ext2_rename_do(const struct path *from, const struct path *to, struct inode *target)
{
	struct ext2_name new_name = { to->name, to->length };
	char *name = ext2_inode_name(to->name, to->length);
	struct ext2_rename pages;
	int r = name ? ext2_rename_get(from, to, &pages) : -ENOMEM;

	if (r < 0) {
		kfree(name);
		return r;
	}
	r = target ? ext2_entries_change(to->dir, new_name, from->inode) : ext2_entries_add(to->dir, new_name, from->inode);
	if (r == 0) {
		ext2_rename_finish(from, to, target, &pages, name);
	} else {
		ext2_rename_put(&pages);
		kfree(name);
	}
	return r;
}

/* With the lock: looks again at what was found without it. */
static int ext2_rename_locked(const struct path *from, const struct path *to)
{
	struct inode *target;
	int r = ext2_names_same(from->dir, (struct ext2_name){ from->name, from->length }, from->inode);

	if (r < 0)
		return r;
	r = ext2_lookup(to->dir, to->name, to->length, &target);
	if (r == -ENOENT)
		target = NULL;
	else if (r < 0)
		return r;
	r = target == from->inode ? 0 : ext2_rename_check(from, to, target);
	if (r == 0 && target != from->inode)
		r = ext2_rename_do(from, to, target);
	if (target)
		inode_unref(target);
	return r;
}

int ext2_rename(const struct path *from, const struct path *to)
{
	int r = ext2_names_lock(to->dir);

	if (r < 0)
		return r;
	r = ext2_rename_locked(from, to);
	return ext2_names_unlock(from->dir->flags & (INODE_SYNC | INODE_DIRSYNC) ? from->dir : to->dir, r);
}
