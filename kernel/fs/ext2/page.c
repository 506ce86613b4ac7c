/*
 * Pages of a directory of ext2: see page.h.
 *
 * Every entry is checked before it is believed, so a damaged chain ends in an error, never in a loop. A new entry takes the
 * room that another has behind its name.
 *
 * Source: see format.h, "Linked List Directory".
 */
#include "kernel/fs/ext2/page.h"

#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/layout.h"

int ext2_page_get(struct inode *dir, u64 pos, struct frame **f)
{
	struct memobj *obj = ext2_memobj(dir);

	return obj ? memobj_get_pinned(obj, pos >> PAGE_SHIFT, false, f) : -ENOMEM;
}

struct ext2_entry *ext2_page_entry(const struct inode *dir, u8 *page, u32 offset)
{
	struct ext2_volume *v = ext2_of(dir)->volume;
	struct ext2_entry *e = (void *)(page + offset);

	if (EXT2_BLOCK_SIZE - offset < EXT2_ENTRY_MIN || e->length % 4 || e->length > EXT2_BLOCK_SIZE - offset ||
	    e->length < EXT2_ENTRY_MIN + e->name_length || (e->ino && !e->name_length) || e->ino > v->inodes) {
		ext2_damaged(v, "directory %u, byte %u of a block: no valid entry", dir->ino, offset);
		return NULL;
	}
	return e;
}

void ext2_page_point(const struct ext2_volume *v, struct ext2_entry *e, const struct inode *target)
{
	static const u8 types[16] = { [S_IFREG >> 12] = 1, [S_IFDIR >> 12] = 2, [S_IFCHR >> 12] = 3, [S_IFBLK >> 12] = 4,
				      [S_IFIFO >> 12] = 5, [S_IFSOCK >> 12] = 6, [S_IFLNK >> 12] = 7 };

	e->ino = target->ino;
	e->type = v->typed_entries ? types[target->mode >> 12] : 0;
}

/* An entry of LENGTH bytes at E. */
static void ext2_page_set(const struct ext2_volume *v, struct ext2_entry *e, u32 length, struct ext2_name name,
			  const struct inode *target)
{
	e->length = length;
	e->name_length = name.length;
	memcpy(e->name, name.text, name.length);
	ext2_page_point(v, e, target);
}

int ext2_page_add(const struct inode *dir, u8 *page, struct ext2_name name, const struct inode *target)
{
	struct ext2_entry *e;
	u32 offset;

	for (offset = 0; offset < EXT2_BLOCK_SIZE; offset += e->length) {
		u32 used, room;

		e = ext2_page_entry(dir, page, offset);
		if (!e)
			return -EIO;
		used = e->ino ? ext2_entry_size(e->name_length) : 0;
		room = e->length - used;
		if (room < ext2_entry_size(name.length))
			continue;
		if (used)
			e->length = used;
		ext2_page_set(ext2_of(dir)->volume, (void *)((u8 *)e + used), room, name, target);
		return 1;
	}
	return 0;
}

int ext2_page_find(const struct inode *dir, u8 *page, struct ext2_name name, struct ext2_entry **found,
		   struct ext2_entry **before)
{
	struct ext2_entry *e;

	*before = NULL;
	for (u32 offset = 0; offset < EXT2_BLOCK_SIZE; offset += e->length) {
		e = ext2_page_entry(dir, page, offset);
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
