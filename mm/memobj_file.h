/*
 * The page cache: the pages of one file (or of a disk's metadata) that are in memory. read() and mmap() both go
 * through it, so they see the same frames.
 */
#pragma once

#include "mm/memobj.h"

struct backing;
struct frame;

struct memobj_file {
	struct memobj base;
	u64 size;              /* bytes */
	u32 resized;           /* how often: where a page lies is void after that */
	int error;             /* of a write nobody waited for; told to the next who asks for one */
};

static inline struct memobj_file *memobj_file_of(struct memobj *obj)
{
	return container_of(obj, struct memobj_file, base);
}

/* Is OBJ (may be NULL) a file's page cache? */
bool memobj_is_file(const struct memobj *obj);

/*
 * A page cache for what lies behind B (the file system's; must outlive the object). SIZE in bytes: the rest of the
 * last page reads zero.
 * => the object with one reference, NULL without memory; never sleeps
 */
struct memobj *memobj_file_create(struct backing *b, u64 size);

/*
 * The file has SIZE bytes from now on. What lies behind is unmapped everywhere and dropped without a write, and its
 * I/O is over when this returns, so that its blocks may be given to others. What stood behind the end in the last
 * page, old or new, reads zero, also on the disk. One caller at a time.
 * => 0; -EIO, -EINTR: nothing has changed; sleeps
 */
int memobj_file_resize(struct memobj *obj, u64 size) MUST_CHECK;

/*
 * Page INDEX of an object that lies on its device as it is, as zeros and without a read: its block was just
 * allocated. The frame comes pinned and dirty. => 0, -EINTR; sleeps
 */
int memobj_file_get_new(struct memobj *obj, u32 index, struct frame **out) MUST_CHECK;

/* Page INDEX is nobody's any more: dropped without a write; its I/O is over when this returns. Sleeps. */
void memobj_file_forget(struct memobj *obj, u32 index);

/* Page INDEX, if it is not here, begins to be read, unless that cannot be done now. May sleep where the file system does. */
void memobj_file_will_need(struct memobj *obj, u32 index);

/* Beyond the file's end the page in F is made zero, whatever the disk or a mapping has there. */
void memobj_file_zero_tail(struct frame *f);

/* Has F no block on its device? Then nothing may be stored in it. */
bool memobj_file_is_hole(const struct frame *f);

/* For map(create): is page INDEX in memory? Only then may it get a block, whose old contents nobody must ever read. */
bool memobj_file_has(struct memobj *obj, u32 index);

/* F, unmapped, unpinned and clean, leaves the cache without a write. */
void memobj_file_drop(struct frame *f);

/* F, unmapped and unpinned, was on its way out, and its write is done: it leaves the cache. */
void memobj_file_written(struct frame *f);

/* Drops every unmapped, unpinned page of every file (drop_caches). => pages dropped; never sleeps */
u32 memobj_file_drop_all(void);

/* How many pages are read along with the one asked for; 0 in exact mode, and after a read has failed. */
extern u32 memobj_file_readahead;

/* --- between memobj_file.c and memobj_file_read.c ------------------------------------------------------------------- */

/* Where page INDEX lies. => as map() of struct backing_ops; may sleep */
int memobj_file_map_page(struct memobj *obj, u32 index, bool create, u32 *block);
/* => a frame in the object's map, without contents and in no policy's set; NULL without memory; never sleeps */
struct frame *memobj_file_add_page(struct memobj *obj, u32 index, u32 block);
/* Page INDEX is not here: begins to read it. => 0 when it is in the map now, BUSY or not; else an error; may sleep */
int memobj_file_bring_in(struct memobj *obj, u32 index);
