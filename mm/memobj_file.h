/*
 * The page cache: the pages of one file (or of a disk's metadata) that are in memory. read() and mmap() both go
 * through it, so they see the same frames.
 */
#pragma once

#include "mm/memobj.h"

struct backing;
struct frame;

/*
 * A page cache for what lies behind B (the file system's; must outlive the object). SIZE in bytes: the rest of the
 * last page reads zero.
 * => the object with one reference, NULL without memory; never sleeps
 */
struct memobj *memobj_file_create(struct backing *b, u64 size);

/* F, unmapped, unpinned and clean, leaves the cache without a write. */
void memobj_file_drop(struct frame *f);

/* Drops every unmapped, unpinned page of every file (drop_caches). => pages dropped; never sleeps */
u32 memobj_file_drop_all(void);

/* How many pages are read along with the one asked for; 0 in exact mode, and after a read has failed. */
extern u32 memobj_file_readahead;
