/* A page of a directory: a chain of entries that ends exactly with the page. */
#pragma once

#include "kernel/fs/ext2/format.h"

struct ext2_volume;
struct frame;
struct inode;

struct ext2_name {
	const char *text; /* not terminated */
	u32 length;
};

/* => the bytes that an entry takes at least */
static inline u32 ext2_entry_size(u32 name_length)
{
	return ALIGN_UP(EXT2_ENTRY_MIN + name_length, 4);
}

/* The page of DIR with byte POS, pinned. => 0 or a negative error; sleeps */
int ext2_page_get(struct inode *dir, u64 pos, struct frame **f);

/*
 * The calls below are given the contents of a page of DIR and never sleep.
 *
 * The entry at OFFSET. => NULL: it is not valid, which is reported
 */
struct ext2_entry *ext2_page_entry(const struct inode *dir, u8 *page, u32 offset);

/* NAME's entry, and the one before it, or NULL. => 1, 0: not there, -EIO */
int ext2_page_find(const struct inode *dir, u8 *page, struct ext2_name name, struct ext2_entry **found,
		   struct ext2_entry **before);

/* Puts an entry of NAME for TARGET where another leaves room for it. => 1; 0: no room; -EIO */
int ext2_page_add(const struct inode *dir, u8 *page, struct ext2_name name, const struct inode *target);

/* E names TARGET from now on. */
void ext2_page_point(const struct ext2_volume *v, struct ext2_entry *e, const struct inode *target);
