/*
 * Shared memory: an object whose pages are anonymous pages. MAP_SHARED|MAP_ANONYMOUS, System V segments, and the files of
 * /dev/shm.
 *
 * The memory of a file or a segment belongs to no task: ending tasks does not bring it back. So the pages of all files and
 * segments together are limited to half of memory and swap. A file's page counts when it exists, and one beyond the limit is
 * refused with -ENOSPC, which a store sees as SIGBUS. A segment's pages are promised when it is made.
 */
#pragma once

#include "mm/memobj.h"

/* => an object of NPAGES zero pages (no frame yet) with one reference, NULL without memory; never sleeps */
struct memobj *memobj_shm_create(u32 npages);

/* OBJ, which has no page yet, is a file's: its pages count in the limit. */
void memobj_shm_limit(struct memobj *obj);
u32 memobj_shm_most(void);  /* pages that all files and segments may have: half of memory and swap */
u32 memobj_shm_count(void); /* pages that files have and segments are promised */

/* PAGES are for an object that is not limited, until they are given up. => 0, -ENOSPC; never sleeps */
int memobj_shm_promise(u32 pages) MUST_CHECK;
void memobj_shm_unpromise(u32 pages);

/* Pages of OBJ, which is sealed, cannot be punched any more. */
void memobj_shm_seal(struct memobj *obj);

/*
 * Locks OBJ, or unlocks it. Pages of a locked object are wired, attached or not: those in memory now, the others when they
 * are got. No such object is resized. Never sleeps.
 */
void memobj_shm_lock(struct memobj *obj, bool locked);
u32 memobj_shm_locked(void); /* pages of all locked objects, whether they exist or not */

/* New size in pages; what lies beyond is unmapped everywhere and given back. Never sleeps. */
void memobj_shm_resize(struct memobj *obj, u32 npages);

/*
 * As memobj_get_pinned() for a store to page INDEX, but behind the end of the object too: only a greater size lets others
 * see that page. => 0 and *OUT pinned; -ENOSPC, -EIO, -EINTR; may sleep
 */
int memobj_shm_get_pinned(struct memobj *obj, u32 index, struct frame **out) MUST_CHECK;
