/*
 * The index of a directory's names: see index.h.
 *
 * A table of hashes with open addressing. A slot holds 20 bits of a name's hash and the page where the name stands; the
 * place of a slot follows from the 20 bits too, so neither a table that grows nor an entry that moves, because another is
 * removed, needs the names. The table fills whole frames, a power of two, not neighbouring ones. A byte for each page says
 * which sizes of entries may fit there: all, once an entry has been removed from the page; none from a size upwards, once an
 * entry of that size did not fit. So each search of a page without room is paid for by a removal.
 *
 * An index is made by reading the directory once, and is thrown away again if the directory changed meanwhile. It is a
 * cache of bounded size: all together take at most a 64th of memory, and the one unused for longest makes room.
 *
 *   E1  An index that a directory has knows every name in it.
 *
 * Source: D. E. Knuth, The Art of Computer Programming, vol. 3, 6.4, "Open addressing" and Algorithm R.
 */
#include "kernel/fs/ext2/index.h"

#include "kernel/base/list.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/ext2.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"

#define INDEX_SLOTS (PAGE_SIZE / sizeof(u32)) /* in a frame */
#define INDEX_TAG_BITS 20
#define INDEX_PAGES 0xFFEu                    /* of a directory: 16 MiB */
#define INDEX_FRAMES_MAX 1024u                /* a place for each tag */
#define INDEX_FRAMES_LEAST 8u                 /* of all indexes together, however little memory there is */
#define INDEX_CLASSES 6u                      /* of entries: up to 16, 32, 64 bytes and so on */
#define INDEX_PATIENCE 256                    /* searches without an index until it is tried again */

struct ext2_index {
	struct list link;               /* index_all, used last first */
	struct ext2_inode *dir;
	u32 frames, names;
	u8 *room;                       /* a frame: for each page a bit for each class of sizes that may find room */
	u16 room_from[INDEX_CLASSES];   /* no page before this one has the bit */
	u32 *table[];
};

STATIC_ASSERT(INDEX_PAGES < PAGE_SIZE, "a frame holds a byte for each page");

static struct list index_all = LIST_INIT(index_all);
static u32 index_frames;

u32 ext2_index_hash(const char *name, u32 length)
{
	u32 hash = 2166136261u; /* FNV-1a */

	for (u32 i = 0; i < length; i++)
		hash = (hash ^ (u8)name[i]) * 16777619u;
	return (hash ^ hash >> INDEX_TAG_BITS) & ((1u << INDEX_TAG_BITS) - 1);
}

/* --- the table ----------------------------------------------------------------------------------------------------- */

static u32 index_slots_searched;

u32 ext2_dir_slots_searched(void)
{
	return index_slots_searched;
}

static u32 *index_slot(const struct ext2_index *x, u32 n)
{
	index_slots_searched++;
	n %= x->frames * INDEX_SLOTS;
	return &x->table[n / INDEX_SLOTS][n % INDEX_SLOTS];
}

static u32 index_entry(u32 tag, u32 page)
{
	return tag << 12 | (page + 1); /* 0 is a free slot */
}

static void index_put(struct ext2_index *x, u32 entry)
{
	u32 n = entry >> 12, *slot;

	while (*(slot = index_slot(x, n)))
		n++;
	*slot = entry;
	x->names++;
}

/*
 * Empties slot HOLE. A search ends at the first free slot, so each entry behind that is searched for across the hole moves
 * into it, and the hole moves to where that entry was (Knuth's Algorithm R).
 */
static void index_take_out(struct ext2_index *x, u32 hole)
{
	u32 slots = x->frames * INDEX_SLOTS, entry;

	for (u32 n = hole + 1; (entry = *index_slot(x, n)); n++) {
		if ((n - (entry >> 12)) % slots < n - hole)
			continue;
		*index_slot(x, hole) = entry;
		hole = n;
	}
	*index_slot(x, hole) = 0;
	x->names--;
}

static void index_free(struct ext2_index *x)
{
	for (u32 i = 0; i < x->frames; i++)
		frame_free(frame_of_ptr(x->table[i]));
	if (x->room)
		frame_free(frame_of_ptr(x->room));
	index_frames -= x->frames + (x->room != NULL);
	kfree(x);
}

static void index_drop(struct ext2_index *x)
{
	list_remove(&x->link);
	x->dir->index = NULL;
	index_free(x);
}

/*
 * Makes room for FRAMES more by dropping indexes other than KEPT. A directory that loses its index this way is searched
 * without one for a while: otherwise two directories too large for both indexes would rebuild them at every search.
 * => is there room?
 */
static bool index_make_room(u32 frames, const struct ext2_index *kept)
{
	u32 most = MAX(frame_total() / 64, INDEX_FRAMES_LEAST);
	struct list *at = index_all.prev;

	while (index_frames + frames > most && at != &index_all) {
		struct ext2_index *x = list_entry(at, struct ext2_index, link);

		at = at->prev;
		if (x == kept)
			continue;
		x->dir->unindexed = INDEX_PATIENCE;
		index_drop(x);
	}
	return index_frames + frames <= most;
}

/* => a frame of zeros, counted; NULL: no memory */
static void *index_frame(void)
{
	struct frame *f = frame_alloc_zeroed(FRAME_KERNEL, 0, FRAME_FOR_KERNEL);

	index_frames += f != NULL;
	return f ? frame_ptr(f) : NULL;
}

/* => an empty index in no list; NULL: too large, or no memory */
static struct ext2_index *index_create(u32 frames, const struct ext2_index *kept)
{
	u32 size = sizeof(struct ext2_index) + frames * sizeof(u32 *);
	struct ext2_index *x;

	x = frames <= INDEX_FRAMES_MAX && index_make_room(frames + 1, kept) ? kmalloc(size) : NULL;
	if (!x)
		return NULL;
	memset(x, 0, size);
	x->room = index_frame();
	for (; x->room && x->frames < frames; x->frames++)
		if (!(x->table[x->frames] = index_frame()))
			break;
	if (x->frames == frames)
		return x;
	index_free(x);
	return NULL;
}

/* => X, or a larger index in its place, with room for one more entry; NULL: X has been dropped */
static struct ext2_index *index_grow(struct ext2_index *x)
{
	u32 slots = x->frames * INDEX_SLOTS;
	struct ext2_index *larger;

	if (x->names < slots / 4 * 3)
		return x;
	larger = index_create(2 * x->frames, x);
	for (u32 n = 0; larger && n < slots; n++) {
		u32 entry = *index_slot(x, n);

		if (entry)
			index_put(larger, entry);
	}
	if (larger) {
		larger->dir = x->dir;
		memcpy(larger->room_from, x->room_from, sizeof(x->room_from));
		memcpy(larger->room, x->room, PAGE_SIZE);
	}
	index_free(x);
	return larger;
}

static void index_set_room(struct ext2_index *x, u32 page)
{
	x->room[page] = (1u << INDEX_CLASSES) - 1;
	for (u32 class = 0; class < INDEX_CLASSES; class++)
		x->room_from[class] = MIN(x->room_from[class], page);
}

/* --- building ------------------------------------------------------------------------------------------------------ */

/* Adds the names of a page to X. => X or a larger index in its place; NULL: no memory, or the page is damaged */
static struct ext2_index *index_take_page(struct ext2_index *x, const struct inode *dir, u8 *contents, u32 page)
{
	const struct ext2_entry *e;

	index_set_room(x, page);
	for (u32 offset = 0; x && offset < EXT2_BLOCK_SIZE; offset += e->length) {
		e = ext2_dir_entry(dir, contents, offset);
		if (!e) {
			index_free(x);
			return NULL;
		}
		if (!e->ino)
			continue;
		x = index_grow(x);
		if (x)
			index_put(x, index_entry(ext2_index_hash(e->name, e->name_length), page));
	}
	return x;
}

static struct ext2_index *index_make(struct inode *dir)
{
	struct ext2_index *x = index_create(1, NULL);
	struct frame *f;

	for (u32 page = 0; x && page < dir->size / EXT2_BLOCK_SIZE; page++) {
		if (page >= INDEX_PAGES || ext2_dir_page(dir, (u64)page * EXT2_BLOCK_SIZE, &f) < 0) {
			index_free(x);
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
		i->unindexed = INDEX_PATIENCE;
		made = index_make(dir);
		if (made && (i->changes != changes || i->index)) {
			index_free(made);
		} else if (made) {
			made->dir = i;
			i->index = made;
			i->unindexed = 0;
			list_push_front(&index_all, &made->link);
		}
	}
	if (i->index) {
		list_remove(&i->index->link);
		list_push_front(&index_all, &i->index->link);
	}
	return i->index;
}

/* --- searches and updates ------------------------------------------------------------------------------------------ */

s32 ext2_index_find(struct inode *dir, u32 hash, u32 page[EXT2_INDEX_CANDIDATES])
{
	const struct ext2_index *x = index_of(dir);
	s32 found = 0;
	u32 entry;

	if (!x)
		return -1;
	for (u32 n = hash; (entry = *index_slot(x, n)); n++) {
		if (entry >> 12 != hash)
			continue;
		if (found == EXT2_INDEX_CANDIDATES)
			return -1;
		page[found++] = (entry & 0xFFF) - 1;
	}
	return found;
}

static u32 index_class(u32 size)
{
	u32 class = 0;

	while (class + 1 < INDEX_CLASSES && size > 16u << class)
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
	if (page >= INDEX_PAGES) {
		index_drop(x);
		return;
	}
	list_remove(&x->link);
	i->index = x = index_grow(x);
	if (!x)
		return;
	list_push_front(&index_all, &x->link);
	index_put(x, index_entry(hash, page));
	index_set_room(x, page); /* it may be a new page */
}

void ext2_index_removed(struct inode *dir, u32 hash, u32 page)
{
	struct ext2_inode *i = ext2_of(dir);
	struct ext2_index *x = i->index;
	u32 *slot, n = hash;

	i->changes++;
	if (!x)
		return;
	while (*(slot = index_slot(x, n)) && *slot != index_entry(hash, page))
		n++;
	if (!*slot) { /* the page has been evicted and read again, and the disk returned other contents */
		index_drop(x);
		return;
	}
	index_take_out(x, n);
	index_set_room(x, page);
}

void ext2_index_drop(struct inode *dir)
{
	if (ext2_of(dir)->index)
		index_drop(ext2_of(dir)->index);
}

void ext2_index_drop_all(void)
{
	while (!list_empty(&index_all))
		index_drop(list_first(&index_all, struct ext2_index, link));
}
