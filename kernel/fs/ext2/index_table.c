/*
 * The table in an index of a directory's names: see index_table.h.
 *
 * Source: D. E. Knuth, The Art of Computer Programming, vol. 3, 6.4, "Open addressing" and Algorithm R.
 */
#include "kernel/fs/ext2/index_table.h"

#include "kernel/base/string.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"

#define INDEX_SLOTS (PAGE_SIZE / sizeof(u32)) /* in a frame */
#define INDEX_FRAMES_MAX 1024u                /* a place for each tag */
#define INDEX_FRAMES_LEAST 8u                 /* of all indexes together, however little memory there is */

STATIC_ASSERT(EXT2_INDEX_PAGES < PAGE_SIZE, "a frame holds a byte for each page");

static struct list index_all = LIST_INIT(index_all); /* used last first */
static u32 index_frames;

/* --- slots --------------------------------------------------------------------------------------------------------- */

u32 ext2_dir_slots_searched;

static u32 *index_slot(const struct ext2_index *x, u32 n)
{
	ext2_dir_slots_searched++;
	n %= x->frames * INDEX_SLOTS;
	return &x->table[n / INDEX_SLOTS][n % INDEX_SLOTS];
}

static u32 index_entry(u32 tag, u32 page)
{
	return tag << 12 | (page + 1); /* 0 is a free slot */
}

s32 ext2_index_get(const struct ext2_index *x, u32 hash, u32 page[EXT2_INDEX_CANDIDATES])
{
	s32 found = 0;
	u32 entry;

	for (u32 n = hash; (entry = *index_slot(x, n)); n++) {
		if (entry >> 12 != hash)
			continue;
		if (found == EXT2_INDEX_CANDIDATES)
			return -1;
		page[found++] = (entry & 0xFFF) - 1;
	}
	return found;
}

static void index_put(struct ext2_index *x, u32 entry)
{
	u32 n = entry >> 12, *slot;

	while (*(slot = index_slot(x, n)))
		n++;
	*slot = entry;
	x->names++;
}

void ext2_index_put(struct ext2_index *x, u32 hash, u32 page)
{
	index_put(x, index_entry(hash, page));
}

/*
 * Empties slot HOLE. A search ends at the first free slot, so each entry behind that is searched for across the hole moves
 * into it, and the hole moves to where that entry was (Knuth's Algorithm R).
 */
static void index_empty(struct ext2_index *x, u32 hole)
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

bool ext2_index_take_out(struct ext2_index *x, u32 hash, u32 page)
{
	u32 *slot, n = hash;

	while (*(slot = index_slot(x, n)) && *slot != index_entry(hash, page))
		n++;
	if (!*slot)
		return false;
	index_empty(x, n);
	return true;
}

void ext2_index_set_room(struct ext2_index *x, u32 page)
{
	x->room[page] = (1u << EXT2_INDEX_CLASSES) - 1;
	for (u32 class = 0; class < EXT2_INDEX_CLASSES; class++)
		x->room_from[class] = MIN(x->room_from[class], page);
}

/* --- memory -------------------------------------------------------------------------------------------------------- */

void ext2_index_free(struct ext2_index *x)
{
	for (u32 i = 0; i < x->frames; i++)
		frame_free(frame_of_ptr(x->table[i]));
	if (x->room)
		frame_free(frame_of_ptr(x->room));
	index_frames -= x->frames + (x->room != NULL);
	kfree(x);
}

void ext2_index_attach(struct ext2_index *x)
{
	x->dir->index = x;
	list_push_front(&index_all, &x->link);
}

void ext2_index_detach(struct ext2_index *x)
{
	x->dir->index = NULL;
	list_remove(&x->link);
}

void ext2_index_use(struct ext2_index *x)
{
	list_remove(&x->link);
	list_push_front(&index_all, &x->link);
}

void ext2_index_drop(struct ext2_inode *dir)
{
	struct ext2_index *x = dir->index;

	if (!x)
		return;
	ext2_index_detach(x);
	ext2_index_free(x);
}

void ext2_index_drop_all(void)
{
	while (!list_empty(&index_all))
		ext2_index_drop(list_first(&index_all, struct ext2_index, link)->dir);
}

/*
 * Makes room for FRAMES more by dropping other indexes. A directory that loses its index this way is searched
 * without one for a while: otherwise two directories too large for both indexes would rebuild them at every search.
 * => is there room?
 */
static bool index_make_room(u32 frames)
{
	u32 most = MAX(frame_total() / 64, INDEX_FRAMES_LEAST);

	while (index_frames + frames > most && !list_empty(&index_all)) {
		struct ext2_index *x = list_entry(index_all.prev, struct ext2_index, link);

		x->dir->unindexed = EXT2_INDEX_PATIENCE;
		ext2_index_drop(x->dir);
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

/* => an empty index with a table of FRAMES; NULL: too large, or no memory */
static struct ext2_index *index_create(u32 frames)
{
	u32 size = sizeof(struct ext2_index) + frames * sizeof(u32 *);
	struct ext2_index *x;

	x = frames <= INDEX_FRAMES_MAX && index_make_room(frames + 1) ? kmalloc(size) : NULL;
	if (!x)
		return NULL;
	memset(x, 0, size);
	x->room = index_frame();
	for (; x->room && x->frames < frames; x->frames++)
		if (!(x->table[x->frames] = index_frame()))
			break;
	if (x->frames == frames)
		return x;
	ext2_index_free(x);
	return NULL;
}

struct ext2_index *ext2_index_create(void)
{
	return index_create(1);
}

struct ext2_index *ext2_index_grow(struct ext2_index *x)
{
	u32 slots = x->frames * INDEX_SLOTS;
	struct ext2_index *larger;

	if (x->names < slots / 4 * 3)
		return x;
	larger = index_create(2 * x->frames);
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
	ext2_index_free(x);
	return larger;
}
