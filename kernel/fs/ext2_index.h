/*
 * Where a directory's names stand, in memory: so that finding, adding and removing a name costs the same however many
 * there are. A directory on the disk is searched from its beginning; what this knows is only a hint of where to look, and
 * the entry itself decides.
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
 * => how many of PAGE are filled; -1: search all pages, since there is no index, or too many names share the hash
 */
s32 ext2_index_find(struct inode *dir, u32 hash, u32 page[EXT2_INDEX_CANDIDATES]);

/* A page of DIR that may have room for an entry of SIZE bytes; without an index, *PAGE itself. => false: none; may sleep */
bool ext2_index_room(struct inode *dir, u32 size, u32 *page);
/* PAGE of DIR had no room for SIZE bytes: it is not proposed again for so many until an entry is removed there. */
void ext2_index_full(struct inode *dir, u32 size, u32 page);

/* DIR has an entry with this hash in PAGE from now on; or has it no more. Never sleep. */
void ext2_index_added(struct inode *dir, u32 hash, u32 page);
void ext2_index_removed(struct inode *dir, u32 hash, u32 page);

/* Forgets DIR's index; all of them. Never sleeps. */
void ext2_index_drop(struct inode *dir);
void ext2_index_drop_all(void);
