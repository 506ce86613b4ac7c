/*
 * The calls on names in /dev/shm: lookup, listing, create, link, unlink, rename.
 *
 * There is no lock. Each change first takes its memory, which may sleep; then checks the names; then changes them without
 * sleeping, so that what was checked still holds.
 */
#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/path.h"
#include "kernel/fs/tmpfs.h"

static int tmpfs_lookup(struct inode *dir, const char *name, u32 length, struct inode **out)
{
	struct tmpfs_name *n = tmpfs_find(dir, name, length);

	if (!n)
		return -ENOENT;
	if (n->inode->inode.unlinked) /* the name in its path has been removed: this one replaces it */
		tmpfs_settle(n->inode, n, dir);
	*out = &n->inode->inode;
	inode_ref(*out);
	return 0;
}

static int tmpfs_next(struct inode *dir, u64 *pos, struct dirent *out)
{
	struct tmpfs_inode *d = tmpfs_of(dir);
	u32 at = MIN(*pos, (u64)UINT32_MAX);
	const struct tmpfs_name *n;

	if (*pos == 0)
		tmpfs_accessed(d);
	if (dirent_dots(dir, pos, out))
		return 1;
	n = pagemap_next(&d->names, &at, ~0u);
	if (!n)
		return 0;
	dirent_set(out, n->inode->inode.ino, n->inode->inode.mode, n->text, n->length);
	*pos = (u64)at + 1;
	return 1;
}

/* --- new names ----------------------------------------------------------------------------------------------------- */

/* Gives T, which has no name, a name in DIR. => 0; -EEXIST, -ENOENT, -ENOSPC, -ENOMEM: nothing has changed; may sleep */
static int tmpfs_name_new(struct inode *dir, const char *text, u32 length, struct tmpfs_inode *t)
{
	struct tmpfs_inode *d = tmpfs_of(dir);
	struct tmpfs_name *n;
	int r = tmpfs_name_make(text, length, &n);

	if (r < 0)
		return r;
	r = tmpfs_find(dir, text, length) ? -EEXIST : tmpfs_may_insert(d);
	if (r < 0) {
		tmpfs_name_free(n);
		return r;
	}
	tmpfs_insert(d, n, t);
	tmpfs_settle(t, n, dir);
	t->inode.links = inode_is(&t->inode, S_IFDIR) ? 2 : 1;
	d->inode.links += inode_is(&t->inode, S_IFDIR);
	return 0;
}

static int tmpfs_new(struct inode *dir, const char *name, u32 length, u32 mode, const char *target, struct inode **out)
{
	struct tmpfs_inode *t;
	int r = tmpfs_make(tmpfs_of(dir), mode, target, &t);

	if (r < 0)
		return r;
	r = tmpfs_name_new(dir, name, length, t);
	if (r < 0 || !out)
		inode_unref(&t->inode);
	else
		*out = &t->inode;
	return r;
}

static int tmpfs_create(struct inode *dir, const char *name, u32 length, u32 mode, struct inode **out)
{
	return tmpfs_new(dir, name, length, mode, NULL, out);
}

/* Its path in /proc ends in its number, as on Linux: no directory has that entry. */
static int tmpfs_create_unnamed(struct inode *dir, u32 mode, bool linkable, struct inode **out)
{
	struct tmpfs_inode *t;
	struct tmpfs_name *n;
	char text[12];
	int r = tmpfs_make(tmpfs_of(dir), mode, NULL, &t);

	if (r < 0)
		return r;
	r = tmpfs_name_make(text, format(text, sizeof(text), "#%u", t->inode.ino), &n);
	if (r < 0) {
		inode_unref(&t->inode);
		return r;
	}
	tmpfs_settle(t, n, dir);
	t->inode.unlinked = true;
	t->linkable = linkable;
	*out = &t->inode;
	return 0;
}

static int tmpfs_mkdir(struct inode *dir, const char *name, u32 length, u32 mode)
{
	return tmpfs_new(dir, name, length, S_IFDIR | mode, NULL, NULL);
}

static int tmpfs_symlink(struct inode *dir, const char *name, u32 length, const char *target)
{
	return tmpfs_new(dir, name, length, S_IFLNK | 0777, target, NULL);
}

static int tmpfs_readlink(struct inode *link, char *buf, u32 size)
{
	u32 n = MIN((u64)size, link->size);

	memcpy(buf, tmpfs_of(link)->target, n);
	tmpfs_accessed(tmpfs_of(link));
	return n;
}

static int tmpfs_link(struct inode *dir, const char *name, u32 length, struct inode *file)
{
	struct tmpfs_inode *d = tmpfs_of(dir), *t = tmpfs_of(file);
	struct tmpfs_name *n;
	int r = tmpfs_name_make(name, length, &n);

	if (r < 0)
		return r;
	r = tmpfs_find(dir, name, length) ? -EEXIST : file->links || t->linkable ? tmpfs_may_insert(d) : -ENOENT;
	if (r < 0) {
		tmpfs_name_free(n);
		return r;
	}
	tmpfs_insert(d, n, t);
	file->links++;
	t->linkable = false;
	tmpfs_changed(t, false);
	return 0;
}

/* --- removing ----------------------------------------------------------------------------------------------------- */

/* Removes N and the link that it is. A directory, which is empty, loses `.` too, and its parent the link from `..`. */
static void tmpfs_drop_link(struct tmpfs_name *n)
{
	struct inode *victim = &n->inode->inode;
	bool directory = inode_is(victim, S_IFDIR);

	victim->links -= directory ? 2 : 1;
	n->dir->inode.links -= directory;
	tmpfs_changed(n->inode, false);
	tmpfs_remove(n);
}

static bool tmpfs_is_full(const struct inode *inode)
{
	return inode_is(inode, S_IFDIR) && tmpfs_of(inode)->names.count;
}

static int tmpfs_unlink(struct inode *dir, const char *name, u32 length, struct inode *victim)
{
	struct tmpfs_name *n = tmpfs_find(dir, name, length);

	if (!n || &n->inode->inode != victim) /* another task has removed it while this one slept */
		return -ENOENT;
	if (tmpfs_is_full(victim))
		return -ENOTEMPTY;
	tmpfs_drop_link(n);
	return 0;
}

/* --- moving -------------------------------------------------------------------------------------------------------- */

/* T has moved from directory FROM to TO: if it is a directory, the link from its `..` moves too. */
static void tmpfs_move_up(const struct tmpfs_inode *t, struct tmpfs_inode *from, struct tmpfs_inode *to)
{
	from->inode.links -= inode_is(&t->inode, S_IFDIR);
	to->inode.links += inode_is(&t->inode, S_IFDIR);
}

/* Exchanges the inodes of entries A and B. */
static void tmpfs_exchange(struct tmpfs_name *a, struct tmpfs_name *b)
{
	struct tmpfs_inode *t = a->inode, *other = b->inode;
	bool known = t->place == a, other_known = other->place == b;

	a->inode = other;
	b->inode = t;
	if (known)
		tmpfs_settle(t, b, &b->dir->inode);
	if (other_known)
		tmpfs_settle(other, a, &a->dir->inode);
	tmpfs_move_up(t, a->dir, b->dir);
	tmpfs_move_up(other, b->dir, a->dir);
	tmpfs_changed(t, false);
	tmpfs_changed(other, false);
	tmpfs_changed(a->dir, true);
	tmpfs_changed(b->dir, true);
}

/* Moves OLD's inode to NEW, an entry that is put into DIR; removes OLD, and TARGET, which had NEW's name before. */
static void tmpfs_replace(struct tmpfs_name *old, struct tmpfs_name *target, struct tmpfs_inode *dir, struct tmpfs_name *new)
{
	struct tmpfs_inode *t = old->inode;

	tmpfs_insert(dir, new, t);
	if (target)
		tmpfs_drop_link(target);
	if (t->place == old || t->inode.unlinked)
		tmpfs_settle(t, new, &dir->inode);
	tmpfs_move_up(t, old->dir, dir);
	tmpfs_changed(t, false);
	tmpfs_remove(old);
}

/* => 1: the caller may move; 0: both names are of one inode already, nothing to do; or an error; never sleeps */
static int tmpfs_may_move(const struct path *from, const struct path *to, const struct tmpfs_name *old,
			  const struct tmpfs_name *target, u32 flags)
{
	struct inode *there = target ? &target->inode->inode : NULL;
	int r;

	if (!old || &old->inode->inode != from->inode)
		return -ENOENT;
	if (there && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (!there && (flags & RENAME_EXCHANGE))
		return -ENOENT;
	if (there == from->inode)
		return 0;
	r = path_may_move(from, to, there, flags);
	if (r < 0 || (flags & RENAME_EXCHANGE))
		return r < 0 ? r : 1;
	if (there && tmpfs_is_full(there))
		return -ENOTEMPTY;
	r = tmpfs_may_insert(tmpfs_of(to->dir));
	return r < 0 ? r : 1;
}

static int tmpfs_rename(const struct path *from, const struct path *to, u32 flags)
{
	struct tmpfs_name *old, *target, *new;
	int r = tmpfs_name_make(to->name, to->length, &new);

	if (r < 0)
		return r;
	old = tmpfs_find(from->dir, from->name, from->length);
	target = tmpfs_find(to->dir, to->name, to->length);
	r = tmpfs_may_move(from, to, old, target, flags);
	if (r > 0 && !(flags & RENAME_EXCHANGE)) {
		tmpfs_replace(old, target, tmpfs_of(to->dir), new);
		return 0;
	}
	if (r > 0)
		tmpfs_exchange(old, target);
	tmpfs_name_free(new);
	return MIN(r, 0);
}

const struct inode_ops tmpfs_directory_ops = {
	.lookup = tmpfs_lookup, .next = tmpfs_next, .create = tmpfs_create,
	.create_unnamed = tmpfs_create_unnamed, .unlink = tmpfs_unlink, .mkdir = tmpfs_mkdir,
	.rmdir = tmpfs_unlink, .symlink = tmpfs_symlink, .link = tmpfs_link, .rename = tmpfs_rename,
	.touch = tmpfs_touch, .fine_times = true, .release = tmpfs_release,
};

const struct inode_ops tmpfs_symlink_ops = {
	.readlink = tmpfs_readlink, .touch = tmpfs_touch, .fine_times = true, .release = tmpfs_release,
};
