/*
 * Shared memory: an object whose pages are anonymous pages. MAP_SHARED|MAP_ANONYMOUS, System V segments, and the files of
 * /dev/shm.
 *
 * The memory of a file or a segment belongs to no task: killing tasks does not free it. So the pages of all files and segments
 * together are limited to half of memory and swap. A file's page counts once it exists; one beyond the limit is refused with
 * -ENOSPC, and a store to it raises SIGBUS. A segment's pages are reserved when the segment is made.
 */
#pragma once

#include "mm/memobj.h"

/*
 * => an object of NPAGES zero pages (no frame yet, but promised) with one reference, NULL without memory; never sleeps.
 * Of an object that begins with 0 pages, each page is promised when it comes into being.
 */
struct memobj *memobj_shm_create(u32 npages);

/* OBJ, which has no page yet, belongs to a file: its pages count towards the limit. */
void memobj_shm_limit(struct memobj *obj);
u32 memobj_shm_max(void);  /* pages that all files and segments may have: half of memory and swap */
u32 memobj_shm_count(void); /* pages that files have and segments are promised */

/* PAGES are for an object that is not limited, until they are given up. => 0, -ENOSPC; never sleeps */
int memobj_shm_promise(u32 pages) MUST_CHECK;
void memobj_shm_unpromise(u32 pages);

/* Seals OBJ: no hole can be punched into it from now on. */
void memobj_shm_seal(struct memobj *obj);

/*
 * Locks OBJ, or unlocks it. Pages of a locked object are wired, attached or not: those in memory now, the others when they
 * come in. A locked object must not be resized. Never sleeps.
 */
void memobj_shm_lock(struct memobj *obj, bool locked);
u32 memobj_shm_locked(void); /* pages of all locked objects, existing or not */

/* New size in pages; what lies beyond is unmapped everywhere and given back. Never sleeps. */
void memobj_shm_resize(struct memobj *obj, u32 npages);

/*
 * As memobj_get_pinned() for a store to page INDEX, but also beyond the end of the object, where no other task sees the page
 * until the object grows. => 0 and *OUT pinned; -ENOSPC, -EIO, -EINTR; may sleep
 */
int memobj_shm_get_pinned(struct memobj *obj, u32 index, struct frame **out) MUST_CHECK;
