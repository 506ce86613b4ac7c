/* Shared memory: an object whose pages are anonymous pages. MAP_SHARED|MAP_ANONYMOUS and the files of /dev/shm. */
#pragma once

#include "mm/memobj.h"

/* => an object of NPAGES zero pages (no frame yet) with one reference, NULL without memory; never sleeps */
struct memobj *memobj_shm_create(u32 npages);

/* New size in pages; what lies beyond is unmapped everywhere and given back. Never sleeps. */
void memobj_shm_resize(struct memobj *obj, u32 npages);
