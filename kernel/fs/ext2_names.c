/*
 * Changing directories of ext2: names are made, taken away and moved.
 *
 * One lock for all of a disk's directories: what is decided about names is true until it is done. Who only looks a name
 * up needs no lock, since a page of entries is never changed over a sleep. A new name is written before an old one
 * goes, so that a crash may leave a file with two names but not without any.
 */
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2_volume.h"
#include "kernel/fs/path.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/memobj_file.h"

#define EXT2_LINKS_MAX 32000u /* as Linux has it */

struct ext2_name {
	const char *text; /* not terminated */
	u32 length;
};

static u32 ext2_entry_size(u32 name_length)
{
	return ALIGN_UP(EXT2_ENTRY_MIN + name_length, 4);
}

static void ext2_entry_point(struct ext2_volume *v, struct ext2_entry *e, const struct inode *target)
{
	static const u8 types[16] = { [S_IFREG >> 12] = 1, [S_IFDIR >> 12] = 2, [S_IFCHR >> 12] = 3, [S_IFBLK >> 12] = 4,
				      [S_IFIFO >> 12] = 5, [S_IFSOCK >> 12] = 6, [S_IFLNK >> 12] = 7 };

	e->ino = target->ino;
	e->type = v->typed_entries ? types[target->mode >> 12] : 0;
}

/* An entry of LENGTH bytes at E. */
static void ext2_entry_set(struct ext2_volume *v, struct ext2_entry *e, u32 length, struct ext2_name name,
			   const struct inode *target)
{
	e->length = length;
	e->name_length = name.length;
	memcpy(e->name, name.text, name.length);
	ext2_entry_point(v, e, target);
}

/* Puts NAME where an entry of the page leaves room for it. => 1; 0: no room; -EIO */
static int ext2_page_add(const struct inode *dir, u8 *page, struct ext2_name name, const struct inode *target)
{
	struct ext2_entry *e;
	u32 offset;

	for (offset = 0; offset < EXT2_BLOCK_SIZE; offset += e->length) {
		u32 used, room;

		e = ext2_dir_entry(dir, page, offset);
		if (!e)
			return -EIO;
		used = e->ino ? ext2_entry_size(e->name_length) : 0;
		room = e->length - used;
		if (room < ext2_entry_size(name.length))
			continue;
		if (used)
			e->length = used;
		ext2_entry_set(ext2_of(dir)->volume, (void *)((u8 *)e + used), room, name, target);
		return 1;
	}
	return 0;
}

/* NAME's entry in the page, and the one before it, or NULL. => 1, 0: not there, -EIO */
static int ext2_page_find(const struct inode *dir, u8 *page, struct ext2_name name, struct ext2_entry **found,
			  struct ext2_entry **before)
{
	struct ext2_entry *e;

	*before = NULL;
	for (u32 offset = 0; offset < EXT2_BLOCK_SIZE; offset += e->length) {
		e = ext2_dir_entry(dir, page, offset);
		if (!e)
			return -EIO;
		if (e->ino && e->name_length == name.length && memcmp(e->name, name.text, name.length) == 0) {
			*found = e;
			return 1;
		}
		*before = e;
	}
	return 0;
}

/* One more page at DIR's end, all of it free. => 0 and the page pinned; -ENOSPC, -EIO, -EINTR: nothing has changed */
static int ext2_dir_grow(struct inode *dir, struct frame **f)
{
	struct memobj *obj = ext2_memobj(dir);
	u64 size = dir->size;
	int r;

	if (!obj)
		return -ENOMEM;
	r = memobj_file_resize(obj, size + EXT2_BLOCK_SIZE);
	if (r == 0)
		r = memobj_get_pinned(obj, size / EXT2_BLOCK_SIZE, true, f);
	if (r < 0) {
		if (memobj_file_resize(obj, size) == 0)
			ext2_truncate(ext2_of(dir), size / EXT2_BLOCK_SIZE);
		return r;
	}
	((struct ext2_entry *)frame_ptr(*f))->length = EXT2_BLOCK_SIZE;
	(*f)->flags |= FRAME_DIRTY;
	dir->size = size + EXT2_BLOCK_SIZE;
	return 0;
}

static int ext2_names_add(struct inode *dir, struct ext2_name name, const struct inode *target)
{
	struct frame *f;
	int r;

	for (u64 pos = 0;; pos += EXT2_BLOCK_SIZE) {
		r = pos < dir->size ? ext2_dir_page(dir, pos, &f) : ext2_dir_grow(dir, &f);
		if (r < 0)
			return r;
		r = ext2_page_add(dir, frame_ptr(f), name, target);
		if (r > 0)
			f->flags |= FRAME_DIRTY;
		frame_unpin(f);
		if (r) {
			ext2_inode_touch(ext2_of(dir), true);
			return MIN(r, 0);
		}
	}
}

/* The page of DIR with NAME's entry, pinned. => 0, -ENOENT, -EIO, -EINTR */
static int ext2_names_find(struct inode *dir, struct ext2_name name, struct frame **f)
{
	struct ext2_entry *e, *before;

	for (u64 pos = 0; pos < dir->size; pos += EXT2_BLOCK_SIZE) {
		int r = ext2_dir_page(dir, pos, f);

		if (r < 0)
			return r;
		r = ext2_page_find(dir, frame_ptr(*f), name, &e, &before);
		if (r > 0)
			return 0;
		frame_unpin(*f);
		if (r < 0)
			return r;
	}
	return -ENOENT;
}

/* In that page NAME's entry points to TARGET from now on, or (NULL) is taken away. Unpins the page; never sleeps. */
static void ext2_names_set(struct inode *dir, struct ext2_name name, struct frame *f, const struct inode *target)
{
	struct ext2_entry *e, *before;

	if (ext2_page_find(dir, frame_ptr(f), name, &e, &before) > 0) {
		if (target)
			ext2_entry_point(ext2_of(dir)->volume, e, target);
		else
			e->ino = 0;
		if (!target && before)
			before->length += e->length;
		f->flags |= FRAME_DIRTY;
		ext2_inode_touch(ext2_of(dir), true);
	}
	frame_unpin(f);
}

static int ext2_names_change(struct inode *dir, struct ext2_name name, const struct inode *target)
{
	struct frame *f;
	int r = ext2_names_find(dir, name, &f);

	if (r == 0)
		ext2_names_set(dir, name, f, target);
	return r;
}

static void ext2_add_links(struct inode *inode, int change)
{
	inode->links += change;
	ext2_inode_touch(ext2_of(inode), false);
}

/* INODE has lost its name. */
static void ext2_lose_name(struct inode *inode)
{
	ext2_add_links(inode, inode_is(inode, S_IFDIR) ? -(int)inode->links : -1);
	inode->unlinked = true;
}

/* The disk's lock, if DIR may be changed. => 0, -EROFS, -ENOENT (it was removed), -EINTR */
static int ext2_names_lock(const struct inode *dir)
{
	struct ext2_volume *v = ext2_of(dir)->volume;
	int r = v->writable ? sleeplock_take(&v->names) : -EROFS;

	if (r == 0 && !dir->links) {
		sleeplock_release(&v->names);
		r = -ENOENT;
	}
	return r;
}

static void ext2_names_unlock(const struct inode *dir)
{
	sleeplock_release(&ext2_of(dir)->volume->names);
}

/* --- new names ----------------------------------------------------------------------------------------------------- */

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
	r = ext2_inode_make(v, ino, mode, dir, name.text, name.length, out);
	if (r < 0)
		ext2_alloc_free_inode(v, ino, directory);
	return r;
}

static int ext2_fill_directory(struct inode *inode, struct inode *parent)
{
	int r = ext2_names_add(inode, (struct ext2_name){ ".", 1 }, inode);

	if (r == 0)
		r = ext2_names_add(inode, (struct ext2_name){ "..", 2 }, parent);
	if (r == 0)
		ext2_add_links(inode, 1);
	return r;
}

/* With the lock: a new file or directory, which nobody can find if this fails. */
static int ext2_make(struct inode *dir, struct ext2_name name, u32 mode, struct inode **out)
{
	int r = ext2_lookup(dir, name.text, name.length, out);

	if (r == 0) {
		inode_unref(*out);
		return -EEXIST;
	}
	if (r == -ENOENT)
		r = ext2_new_inode(dir, name, mode, out);
	if (r < 0)
		return r;
	if (inode_is(*out, S_IFDIR))
		r = ext2_fill_directory(*out, dir);
	if (r == 0)
		r = ext2_names_add(dir, name, *out);
	if (r == 0 && inode_is(*out, S_IFDIR))
		ext2_add_links(dir, 1);
	if (r < 0) {
		(*out)->links = 0;
		inode_unref(*out);
	}
	return r;
}

int ext2_create(struct inode *dir, const char *name, u32 length, u32 mode, struct inode **out)
{
	int r = ext2_names_lock(dir);

	if (r < 0)
		return r;
	r = ext2_make(dir, (struct ext2_name){ name, length }, mode, out);
	ext2_names_unlock(dir);
	return r;
}

int ext2_mkdir(struct inode *dir, const char *name, u32 length, u32 mode)
{
	struct inode *made;
	int r = dir->links < EXT2_LINKS_MAX ? ext2_create(dir, name, length, S_IFDIR | mode, &made) : -EMLINK;

	if (r == 0)
		inode_unref(made);
	return r;
}

/* --- names that go ------------------------------------------------------------------------------------------------- */

/* Does NAME in DIR still name VICTIM? Another task may have been here while this one slept. */
static int ext2_names_same(struct inode *dir, struct ext2_name name, const struct inode *victim)
{
	struct inode *now;
	int r = ext2_lookup(dir, name.text, name.length, &now);

	if (r < 0)
		return r;
	inode_unref(now);
	return now == victim ? 0 : -ENOENT;
}

/* => 0: DIR holds nothing but itself and its parent; -ENOTEMPTY, -EIO, -EINTR */
static int ext2_dir_empty(struct inode *dir)
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
static int ext2_take_away(struct inode *dir, struct ext2_name name, struct inode *victim)
{
	bool directory = inode_is(victim, S_IFDIR);
	int r = ext2_names_same(dir, name, victim);

	if (r == 0 && directory)
		r = ext2_dir_empty(victim);
	if (r == 0)
		r = ext2_names_change(dir, name, NULL);
	if (r < 0)
		return r;
	ext2_lose_name(victim);
	if (directory)
		ext2_add_links(dir, -1);
	return 0;
}

int ext2_unlink(struct inode *dir, const char *name, u32 length, struct inode *victim)
{
	int r = ext2_names_lock(dir);

	if (r < 0)
		return r;
	r = ext2_take_away(dir, (struct ext2_name){ name, length }, victim);
	ext2_names_unlock(dir);
	return r;
}

int ext2_rmdir(struct inode *dir, const char *name, u32 length, struct inode *victim)
{
	return ext2_unlink(dir, name, length, victim);
}

/* --- names that move ----------------------------------------------------------------------------------------------- */

/* May MOVED take TARGET's place (NULL: it is free) in DIR? */
static int ext2_rename_check(const struct inode *moved, struct inode *target, const struct inode *dir)
{
	for (; dir && inode_is(moved, S_IFDIR); dir = dir->parent)
		if (dir == moved)
			return -EINVAL;
	if (!target)
		return 0;
	if (inode_is(moved, S_IFDIR) && !inode_is(target, S_IFDIR))
		return -ENOTDIR;
	if (!inode_is(moved, S_IFDIR))
		return inode_is(target, S_IFDIR) ? -EISDIR : 0;
	return ext2_dir_empty(target);
}

/* Everything that must be read is in memory before the first change: from then on nothing can fail. */
struct ext2_rename {
	struct frame *old; /* with the old name */
	struct frame *up;  /* with a directory's `..`; NULL: stays as it is */
};

static const struct ext2_name dot_dot = { "..", 2 };

static int ext2_rename_get(const struct path *from, const struct path *to, struct ext2_rename *pages)
{
	int r = ext2_names_find(from->dir, (struct ext2_name){ from->name, from->length }, &pages->old);

	pages->up = NULL;
	if (r < 0 || !inode_is(from->inode, S_IFDIR) || from->dir == to->dir)
		return r;
	r = ext2_names_find(from->inode, dot_dot, &pages->up);
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

	ext2_names_set(from->dir, (struct ext2_name){ from->name, from->length }, pages->old, NULL);
	if (target)
		ext2_lose_name(target);
	if (target && inode_is(moved, S_IFDIR))
		ext2_add_links(to->dir, -1);
	if (pages->up) {
		ext2_names_set(moved, dot_dot, pages->up, to->dir);
		ext2_add_links(from->dir, -1);
		ext2_add_links(to->dir, 1);
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
	r = target ? ext2_names_change(to->dir, new_name, from->inode) : ext2_names_add(to->dir, new_name, from->inode);
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
	r = target == from->inode ? 0 : ext2_rename_check(from->inode, target, to->dir);
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
	ext2_names_unlock(to->dir);
	return r;
}
