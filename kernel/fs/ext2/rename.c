/*
 * rename() on ext2: to a free name, over an existing one, or exchanging two.
 *
 * The new name is written before the old one is removed: after a crash a file may have two names, but never none.
 * Whatever the second step needs is in memory before the first: so the call fails before it has changed a name, or not at all.
 */
#include "kernel/base/errno.h"
#include "kernel/fs/ext2/volume.h"
#include "kernel/fs/path.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"

static bool ext2_is_dir(const struct inode *inode)
{
	return inode_is(inode, S_IFDIR);
}

/* May what FROM names take TARGET's place (NULL: it is free) in TO's directory, and TARGET its own with RENAME_EXCHANGE? */
static int ext2_rename_check(const struct path *from, const struct path *to, struct inode *target, u32 flags)
{
	const struct inode *moved = from->inode;
	bool exchange = flags & RENAME_EXCHANGE;
	int r;

	if (ext2_names_removable(from->dir, moved) || (from->dir->flags & INODE_IMMUTABLE) ||
	    (target && ext2_names_removable(to->dir, target)))
		return -EPERM;
	if (target && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (!target && exchange)
		return -ENOENT;
	r = path_may_move(from, to, target, flags);
	if (r < 0)
		return r;
	if (from->dir != to->dir && ext2_is_dir(moved) && !(target && ext2_is_dir(target)) && to->dir->links >= EXT2_LINKS_MAX)
		return -EMLINK;
	if (exchange && from->dir != to->dir && ext2_is_dir(target) && !ext2_is_dir(moved) && from->dir->links >= EXT2_LINKS_MAX)
		return -EMLINK;
	return target && ext2_is_dir(target) && !exchange ? ext2_names_none(target) : 0;
}

/* Everything that must be read is in memory before the first change: from then on nothing can fail. */
struct ext2_rename {
	struct frame *old; /* with the old name */
	struct frame *up;  /* with a directory's `..`; NULL: stays as it is */
	char *name;        /* the new name */
};

static const struct ext2_name dot_dot = { "..", 2 };

static struct ext2_name ext2_name_of(const struct path *p)
{
	return (struct ext2_name){ p->name, p->length };
}

/* Makes TO an entry for MOVED, the inode of FROM. => 0, -ENOENT, -ENOMEM, -EIO, -EINTR; sleeps */
static int ext2_rename_get(const struct path *from, const struct path *to, struct inode *moved, struct ext2_rename *pages)
{
	int r;

	pages->up = NULL;
	pages->name = ext2_inode_name(ext2_name_of(to));
	if (!pages->name)
		return -ENOMEM;
	r = ext2_entries_find(from->dir, ext2_name_of(from), &pages->old);
	if (r == 0 && ext2_is_dir(moved) && from->dir != to->dir) {
		r = ext2_entries_find(moved, dot_dot, &pages->up);
		if (r < 0)
			frame_unpin(pages->old);
	}
	if (r < 0)
		kfree(pages->name);
	return r;
}

static void ext2_rename_put(const struct ext2_rename *pages)
{
	frame_unpin(pages->old);
	if (pages->up)
		frame_unpin(pages->up);
	kfree(pages->name);
}

/* MOVED has its entry in TO's directory: updates its `..`, the link counts and its path. */
static void ext2_rename_settle(struct inode *moved, const struct path *from, const struct path *to,
			       const struct ext2_rename *pages)
{
	if (pages->up) {
		ext2_entries_set(moved, dot_dot, pages->up, to->dir);
		ext2_names_add_links(from->dir, -1);
		ext2_names_add_links(to->dir, 1);
	}
	ext2_inode_touch(ext2_of(moved), false);
	ext2_inode_move(ext2_of(moved), to->dir, pages->name);
}

/* The new entry exists: removes the old one. */
static void ext2_rename_finish(const struct path *from, const struct path *to, struct inode *target,
			       const struct ext2_rename *pages)
{
	ext2_entries_set(from->dir, ext2_name_of(from), pages->old, NULL);
	if (target)
		ext2_names_lose(target, to->dir, ext2_name_of(to));
	if (target && ext2_is_dir(from->inode))
		ext2_names_add_links(to->dir, -1);
	ext2_rename_settle(from->inode, from, to, pages);
}

static int ext2_rename_do(const struct path *from, const struct path *to, struct inode *target)
{
	struct ext2_rename pages;
	int r = ext2_rename_get(from, to, from->inode, &pages);

	if (r < 0)
		return r;
	r = target ? ext2_entries_change(to->dir, ext2_name_of(to), from->inode) :
		     ext2_entries_add(to->dir, ext2_name_of(to), from->inode);
	if (r == 0)
		ext2_rename_finish(from, to, target, &pages);
	else
		ext2_rename_put(&pages);
	return r;
}

static int ext2_exchange(const struct path *from, const struct path *to, struct inode *target)
{
	struct ext2_rename there, back;
	int r = ext2_rename_get(from, to, from->inode, &there);

	if (r < 0)
		return r;
	r = ext2_rename_get(to, from, target, &back);
	if (r < 0) {
		ext2_rename_put(&there);
		return r;
	}
	ext2_entries_set(from->dir, ext2_name_of(from), there.old, target);
	ext2_entries_set(to->dir, ext2_name_of(to), back.old, from->inode);
	ext2_rename_settle(from->inode, from, to, &there);
	ext2_rename_settle(target, to, from, &back);
	return 0;
}

/* With the lock: looks again at what was found without it. */
static int ext2_rename_locked(const struct path *from, const struct path *to, u32 flags)
{
	struct inode *target;
	int r = ext2_names_same(from->dir, ext2_name_of(from), from->inode);

	if (r < 0)
		return r;
	r = ext2_lookup(to->dir, to->name, to->length, &target);
	if (r == -ENOENT)
		target = NULL;
	else if (r < 0)
		return r;
	r = target == from->inode ? 0 : ext2_rename_check(from, to, target, flags);
	if (r == 0 && target != from->inode)
		r = flags & RENAME_EXCHANGE ? ext2_exchange(from, to, target) : ext2_rename_do(from, to, target);
	if (target)
		inode_unref(target);
	return r;
}

int ext2_rename(const struct path *from, const struct path *to, u32 flags)
{
	int r = ext2_names_lock(to->dir);

	if (r < 0)
		return r;
	r = ext2_rename_locked(from, to, flags);
	return ext2_names_unlock(from->dir->flags & (INODE_SYNC | INODE_DIRSYNC) ? from->dir : to->dir, r);
}
