/*
 * Shared memory: an object whose pages are anonymous pages. MAP_SHARED|MAP_ANONYMOUS, System V segments, and the files
 * of /dev/shm.
 *
 * Killing tasks does not free the memory of a file or a segment, since it belongs to no task. So the pages of all files
 * and segments together are limited to half of memory and swap. A file's page counts once it exists; a page beyond the
 * limit is refused with -ENOSPC, and a store to it raises SIGBUS. A segment's pages are reserved when the segment is
 * made.
 */
#pragma once

#include "mm/memobj.h"

/*
 * => an object of NPAGES zero pages (no frame yet, but promised) with one reference, NULL: out of memory; never sleeps.
 * If NPAGES is 0, each page is promised when it is made.
 */
struct memobj *memobj_shm_create(u32 npages);

/* OBJ, which has no page yet, belongs to a file: its pages count towards the limit. */
void memobj_shm_limit(struct memobj *obj);
u32 memobj_shm_max(void);  /* pages that all files and segments may have: half of memory and swap */
u32 memobj_shm_count(void); /* pages that files have and segments are promised */

/* Reserves PAGES for an object that is not limited, or gives them back. => 0, -ENOSPC; never sleeps */
int memobj_shm_promise(u32 pages) MUST_CHECK;
void memobj_shm_unpromise(u32 pages);

/* Seals OBJ: no hole can be punched into it from now on. */
void memobj_shm_seal(struct memobj *obj);

/*
 * Locks or unlocks OBJ. The pages of a locked object are wired, mapped or not: those in memory now, the others when
 * they come in. A locked object must not be resized. Never sleeps.
 */
void memobj_shm_lock(struct memobj *obj, bool locked);
u32 memobj_shm_locked(void); /* pages of all locked objects, existing or not */

/* Sets the size in pages; pages beyond it are unmapped everywhere and freed. Never sleeps. */
void memobj_shm_resize(struct memobj *obj, u32 npages);

/*
 * As memobj_get_pinned() for a store to page INDEX, but also beyond the end of the object: no other task sees such a
 * page until the object grows. => 0 and *OUT pinned; -ENOSPC, -EIO, -EINTR; may sleep
 */
int memobj_shm_get_pinned(struct memobj *obj, u32 index, struct frame **out) MUST_CHECK;
