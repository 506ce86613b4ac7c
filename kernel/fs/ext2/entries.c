/*
 * Changing the directories of ext2: adding an entry in a page that has room for it, finding it, redirecting or removing it.
 *
 * An entry that is removed leaves its room to the one before it. A page is never changed over a sleep.
 */
#include "kernel/base/errno.h"
#include "kernel/fs/ext2/index.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/memobj_file.h"

/* One more page at DIR's end, all of it free. => 0 and the page pinned; -ENOSPC, -EIO, -EINTR: nothing has changed */
static int ext2_entries_grow(struct inode *dir, struct frame **f)
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
		r = ext2_page_get(dir, (u64)page * EXT2_BLOCK_SIZE, &f);
		if (r == 0)
			r = ext2_entries_add_to(dir, page, f, name, target);
	}
	if (r)
		return MIN(r, 0);
	r = ext2_entries_grow(dir, &f);
	return r < 0 ? r : MIN(ext2_entries_add_to(dir, f->index, f, name, target), 0);
}

int ext2_entries_find(struct inode *dir, struct ext2_name name, struct frame **f)
{
	s32 r = ext2_dir_search(dir, name, f);

	return r > 0 ? 0 : r ? r : -ENOENT;
}

/* Frees entry E in F; BEFORE is the entry before it in the block, or NULL. */
static void ext2_entries_remove(struct inode *dir, const struct frame *f, struct ext2_name name, struct ext2_entry *e,
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
			ext2_page_point(ext2_of(dir)->volume, e, target);
		else
			ext2_entries_remove(dir, f, name, e, before);
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
