/*
 * Entries in the directories of ext2: putting one where there is room, finding it, taking it away.
 *
 * The entries of a page are a chain that ends exactly with it. A new entry takes the room that another has behind its
 * name; one that goes leaves its room to the one before it. A page is never changed over a sleep.
 *
 * Source: see format.h, "Linked List Directory".
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/index.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"

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

/* Drops the directory's hash tree (dir_index), which is not updated here: the directory is searched in order from now on. */
static void ext2_entries_changed(struct inode *dir)
{
	dir->flags &= ~(u32)EXT2_FL_INDEX;
	ext2_inode_touch(ext2_of(dir), true);
}

/* Puts NAME into PAGE of DIR, which is in F; unpins F. => 1; 0: no room; -EIO */
static int ext2_entries_add_to(struct inode *dir, u32 page, struct frame *f, struct ext2_name name, const struct inode *target)
{
	int r = ext2_page_add(dir, frame_ptr(f), name, target);

	if (r > 0) {
		f->flags |= FRAME_DIRTY;
		ext2_index_added(dir, ext2_index_hash(name.text, name.length), page);
		ext2_entries_changed(dir);
	} else if (r == 0) {
		ext2_index_full(dir, ext2_entry_size(name.length), page);
	}
	frame_unpin(f);
	return r;
}

int ext2_entries_add(struct inode *dir, struct ext2_name name, const struct inode *target)
{
	struct frame *f;
	int r = 0;

	for (u32 page = 0; r == 0 && ext2_index_room(dir, ext2_entry_size(name.length), &page); page++) {
		r = ext2_dir_page(dir, (u64)page * EXT2_BLOCK_SIZE, &f);
		if (r == 0)
			r = ext2_entries_add_to(dir, page, f, name, target);
	}
	if (r)
		return MIN(r, 0);
	r = ext2_dir_grow(dir, &f);
	return r < 0 ? r : MIN(ext2_entries_add_to(dir, f->index, f, name, target), 0);
}

int ext2_entries_find(struct inode *dir, struct ext2_name name, struct frame **f)
{
	s32 r = ext2_dir_search(dir, name.text, name.length, f);

	return r > 0 ? 0 : r ? r : -ENOENT;
}

/* Frees entry E in F; BEFORE is the entry before it in the block, or NULL. */
static void ext2_page_remove(struct inode *dir, const struct frame *f, struct ext2_name name, struct ext2_entry *e,
			     struct ext2_entry *before)
{
	e->ino = 0;
	if (before)
		before->length += e->length;
	ext2_index_removed(dir, ext2_index_hash(name.text, name.length), f->index);
}

void ext2_entries_set(struct inode *dir, struct ext2_name name, struct frame *f, const struct inode *target)
{
	struct ext2_entry *e, *before;

	if (ext2_page_find(dir, frame_ptr(f), name, &e, &before) > 0) {
		if (target)
			ext2_entry_point(ext2_of(dir)->volume, e, target);
		else
			ext2_page_remove(dir, f, name, e, before);
		ext2_of(dir)->volume->names_gone++;
		f->flags |= FRAME_DIRTY;
		ext2_entries_changed(dir);
	}
	frame_unpin(f);
}

int ext2_entries_change(struct inode *dir, struct ext2_name name, const struct inode *target)
{
	struct frame *f;
	int r = ext2_entries_find(dir, name, &f);

	if (r == 0)
		ext2_entries_set(dir, name, f, target);
	return r;
}
