/*
 * The index of a directory's names: see index.h. The table in it: index_table.c.
 *
 * An index is made by reading the directory once, and is thrown away again if the directory changed meanwhile. It is a cache
 * of bounded size.
 *
 *   E1  An index that a directory has knows every name in it.
 */
#include "kernel/fs/ext2/index.h"

#include "kernel/fs/ext2/index_table.h"
#include "kernel/fs/ext2/page.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"

u32 ext2_index_hash(const char *name, u32 length)
{
	u32 hash = 2166136261u; /* FNV-1a */

	for (u32 i = 0; i < length; i++)
		hash = (hash ^ (u8)name[i]) * 16777619u;
	return (hash ^ hash >> EXT2_INDEX_TAG_BITS) & ((1u << EXT2_INDEX_TAG_BITS) - 1);
}

/* --- building ------------------------------------------------------------------------------------------------------ */

/* Adds the names of a page to X. => X or a larger index in its place; NULL: no memory, or the page is damaged */
static struct ext2_index *index_take_page(struct ext2_index *x, const struct inode *dir, u8 *contents, u32 page)
{
	const struct ext2_entry *e;

	ext2_index_set_room(x, page);
	for (u32 offset = 0; x && offset < EXT2_BLOCK_SIZE; offset += e->length) {
		e = ext2_page_entry(dir, contents, offset);
		if (!e) {
			ext2_index_free(x);
			return NULL;
		}
		if (!e->ino)
			continue;
		x = ext2_index_grow(x);
		if (x)
			ext2_index_put(x, ext2_index_hash(e->name, e->name_length), page);
	}
	return x;
}

static struct ext2_index *index_make(struct inode *dir)
{
	struct ext2_index *x = ext2_index_create();
	struct frame *f;

	for (u32 page = 0; x && page < dir->size / EXT2_BLOCK_SIZE; page++) {
		if (page >= EXT2_INDEX_PAGES || ext2_page_get(dir, (u64)page * EXT2_BLOCK_SIZE, &f) < 0) {
			ext2_index_free(x);
			return NULL;
		}
		x = index_take_page(x, dir, frame_ptr(f), page);
		frame_unpin(f);
	}
	return x;
}

/* => the index of DIR, built if need be; NULL: it cannot have one. May sleep. */
static struct ext2_index *index_of(struct inode *dir)
{
	struct ext2_inode *i = ext2_of(dir);
	struct ext2_index *made;
	u32 changes = i->changes;

	if (!i->index && dir->size > EXT2_BLOCK_SIZE && i->unindexed-- == 0) {
		i->unindexed = EXT2_INDEX_PATIENCE;
		made = index_make(dir);
		if (made && (i->changes != changes || i->index)) {
			ext2_index_free(made);
		} else if (made) {
			made->dir = i;
			i->unindexed = 0;
			ext2_index_attach(made);
		}
	}
	if (i->index)
		ext2_index_use(i->index);
	return i->index;
}

/* --- searches and updates ------------------------------------------------------------------------------------------ */

s32 ext2_index_find(struct inode *dir, u32 hash, u32 page[EXT2_INDEX_CANDIDATES])
{
	const struct ext2_index *x = index_of(dir);

	return x ? ext2_index_get(x, hash, page) : -1;
}

static u32 index_class(u32 size)
{
	u32 class = 0;

	while (class + 1 < EXT2_INDEX_CLASSES && size > 16u << class)
		class++;
	return class;
}

bool ext2_index_room(struct inode *dir, u32 size, u32 *page)
{
	u32 pages = dir->size / EXT2_BLOCK_SIZE, class = index_class(size);
	struct ext2_index *x = index_of(dir);

	if (!x)
		return *page < pages;
	while (x->room_from[class] < pages && !(x->room[x->room_from[class]] >> class & 1))
		x->room_from[class]++;
	*page = x->room_from[class];
	return *page < pages;
}

void ext2_index_full(struct inode *dir, u32 size, u32 page)
{
	struct ext2_index *x = ext2_of(dir)->index;

	if (x)
		x->room[page] &= (1u << index_class(size)) - 1;
}

void ext2_index_added(struct inode *dir, u32 hash, u32 page)
{
	struct ext2_inode *i = ext2_of(dir);
	struct ext2_index *x = i->index;

	i->changes++;
	if (!x)
		return;
	if (page >= EXT2_INDEX_PAGES) {
		ext2_index_drop(i);
		return;
	}
	ext2_index_detach(x);
	x = ext2_index_grow(x);
	if (!x)
		return;
	ext2_index_attach(x);
	ext2_index_put(x, hash, page);
	ext2_index_set_room(x, page); /* it may be a new page */
}

void ext2_index_removed(struct inode *dir, u32 hash, u32 page)
{
	struct ext2_inode *i = ext2_of(dir);
	struct ext2_index *x = i->index;

	i->changes++;
	if (!x)
		return;
	if (ext2_index_take_out(x, hash, page))
		ext2_index_set_room(x, page);
	else /* the page has been evicted and read again, and the disk returned other contents */
		ext2_index_drop(i);
}
