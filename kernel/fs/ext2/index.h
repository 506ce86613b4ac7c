/*
 * An index of a directory's names in memory, so that finding, adding and removing a name costs the same however many there
 * are: on the disk a directory can only be searched from its beginning. The index is a hint: it says which page to search,
 * and the entry there decides.
 */
#pragma once

#include "kernel/base/types.h"

struct ext2_index;
struct inode;

#define EXT2_INDEX_CANDIDATES 8

/* => the hash of a name */
u32 ext2_index_hash(const char *name, u32 length);

/*
 * The pages of DIR in which a name with this hash may stand. Makes the index if there is none and the directory is large,
 * which sleeps.
 * => how many elements of PAGE were set; -1: search all pages, since there is no index, or too many names have this hash
 */
s32 ext2_index_find(struct inode *dir, u32 hash, u32 page[EXT2_INDEX_CANDIDATES]);

/* A page of DIR that may have room for an entry of SIZE bytes; without an index, *PAGE itself. => false: none; may sleep */
bool ext2_index_room(struct inode *dir, u32 size, u32 *page);
/* PAGE of DIR had no room for SIZE bytes: it is not returned for that size again until an entry is removed there. */
void ext2_index_full(struct inode *dir, u32 size, u32 page);

/* An entry with this hash has been added to PAGE of DIR, or removed from it. Never sleep. */
void ext2_index_added(struct inode *dir, u32 hash, u32 page);
void ext2_index_removed(struct inode *dir, u32 hash, u32 page);
