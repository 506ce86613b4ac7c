/*
 * The table in an index of a directory's names, and the memory that all indexes together may take.
 *
 * A table of hashes with open addressing. A slot holds 20 bits of a name's hash and the page where the name stands; the
 * place of a slot follows from the 20 bits too, so neither a table that grows nor an entry that moves, because another is
 * removed, needs the names. The table fills whole frames, a power of two, not neighbouring ones. A byte for each page says
 * which sizes of entries may fit there: all, once an entry has been removed from the page; none from a size upwards, once an
 * entry of that size did not fit. So each search of a page without room is paid for by a removal.
 *
 * All indexes together take at most a 64th of memory, and the one unused for longest makes room.
 */
#pragma once

#include "kernel/base/list.h"
#include "kernel/base/types.h"
#include "kernel/fs/ext2/index.h"

#define EXT2_INDEX_TAG_BITS 20
#define EXT2_INDEX_PAGES 0xFFEu  /* that a slot can name: a directory of 16 MiB */
#define EXT2_INDEX_CLASSES 6u    /* of entries: up to 16, 32, 64 bytes and so on */
#define EXT2_INDEX_PATIENCE 256u /* searches without an index until it is built again */

struct ext2_inode;

struct ext2_index {
	struct list link;                   /* of those that belong to a directory, used last first */
	struct ext2_inode *dir;
	u32 frames, names;
	u8 *room;                           /* a frame: for each page a bit for each class of sizes that may find room */
	u16 room_from[EXT2_INDEX_CLASSES];  /* no page before this one has the bit */
	u32 *table[];
};

extern u32 ext2_dir_slots_searched; /* since boot */

/* => an empty index that belongs to no directory; NULL: no memory. Drops others to stay within the bound. Never sleeps. */
struct ext2_index *ext2_index_create(void);
/* Frees X, which belongs to no directory. */
void ext2_index_free(struct ext2_index *x);
/* X becomes the index of X->dir; ceases to be that; is, and has just been used. */
void ext2_index_attach(struct ext2_index *x);
void ext2_index_detach(struct ext2_index *x);
void ext2_index_use(struct ext2_index *x);

/* Drops DIR's index, if it has one; drops all indexes. Never sleeps. */
void ext2_index_drop(struct ext2_inode *dir);
void ext2_index_drop_all(void);

/*
 * Makes room for one more name in X, which belongs to no directory.
 * => X, or a larger index in its place; NULL: no memory, and X has been freed
 */
struct ext2_index *ext2_index_grow(struct ext2_index *x);

/* => in how many elements of PAGE there is now a page of X with this hash; -1: there are more than fit */
s32 ext2_index_get(const struct ext2_index *x, u32 hash, u32 page[EXT2_INDEX_CANDIDATES]);
/* Needs the room that ext2_index_grow() makes. */
void ext2_index_put(struct ext2_index *x, u32 hash, u32 page);
/* => false: X has no such name */
bool ext2_index_take_out(struct ext2_index *x, u32 hash, u32 page);
/* PAGE may have room for an entry of any size. */
void ext2_index_set_room(struct ext2_index *x, u32 page);
