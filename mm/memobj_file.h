/*
 * The page cache: the pages of one file (or of a disk's metadata) that are in memory. read() and mmap() both use it, so
 * they see the same frames.
 */
#pragma once

#include "mm/memobj.h"

struct backing;
struct frame;

struct memobj_file {
	struct memobj base;
	u64 size;              /* bytes */
	u32 resized;           /* how often; a place on the device that was found before a change is void */
	int error;             /* of a write that failed in the background; reported by the next fsync or msync */
};

static inline struct memobj_file *memobj_file_of(struct memobj *obj)
{
	return container_of(obj, struct memobj_file, base);
}

/* Is OBJ (may be NULL) a file's page cache? */
bool memobj_is_file(const struct memobj *obj);

/*
 * Creates a page cache for a file on B (the file system's; must outlive the object). SIZE in bytes: the rest of the
 * last page reads as zeros.
 * => the object with one reference, NULL: out of memory; never sleeps
 */
struct memobj *memobj_file_create(struct backing *b, u64 size);

/*
 * Sets the file's size to SIZE bytes. Pages beyond it are unmapped everywhere and dropped without a write, and their
 * I/O has ended when this returns, so that their blocks may be freed. The last page, old or new, reads as zeros beyond
 * the end, also on the disk. One caller at a time.
 * => 0; -EIO, -EINTR: nothing has changed; sleeps
 */
int memobj_file_resize(struct memobj *obj, u64 size) MUST_CHECK;

/*
 * Makes page INDEX of an object without map(), as zeros and without a read: its block was just allocated. The frame is
 * pinned and dirty. => 0, -EINTR; sleeps
 */
int memobj_file_get_new(struct memobj *obj, u32 index, struct frame **out) MUST_CHECK;

/* Drops page INDEX, whose block is free now, without a write; its I/O has ended when this returns. Sleeps. */
void memobj_file_forget(struct memobj *obj, u32 index);

/* Starts to read page INDEX if it is not in memory and a request is free. May sleep where the file system does. */
void memobj_file_will_need(struct memobj *obj, u32 index);

/* Clears the bytes of F beyond the file's end, whatever the disk or a mapping has stored there. */
void memobj_file_zero_tail(struct frame *f);

/* => has F no block on its device? Then nothing may be stored in it. */
bool memobj_file_is_hole(const struct frame *f);

/* For map(create): is page INDEX in memory? Only then may it get a block, whose old contents must never be read. */
bool memobj_file_has(struct memobj *obj, u32 index);

/* Drops F, unmapped, unpinned and clean, from the cache. */
void memobj_file_drop(struct frame *f);

/* Drops F, unmapped and unpinned, whose write before its eviction is done. */
void memobj_file_written(struct frame *f);

/* Drops every unmapped, unpinned page of every file (drop_caches). => pages dropped; never sleeps */
u32 memobj_file_drop_all(void);

/* How many pages are read ahead at most; 0 in exact mode, and after a read has failed. */
extern u32 memobj_file_readahead;

/* --- between memobj_file.c and memobj_file_read.c ------------------------------------------------------------------- */

/* Finds the place of page INDEX on the device. => as map() of struct backing_ops; may sleep */
int memobj_file_map_page(struct memobj *obj, u32 index, bool create, u32 *block);
/*
 * => a new frame in the object's map, contents undefined, not yet admitted to the policy; NULL: out of memory; never
 * sleeps
 */
struct frame *memobj_file_add_page(struct memobj *obj, u32 index, u32 block);
/*
 * Starts to read page INDEX, which is not in memory.
 * => 0: it is in the map now, BUSY or not; else an error; may sleep
 */
int memobj_file_bring_in(struct memobj *obj, u32 index);
