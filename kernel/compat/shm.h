/* Segments of System V's shared memory as shm.c keeps them, for shm_control.c. */
#pragma once

#include "kernel/base/list.h"
#include "kernel/ipc_perm.h"

struct memobj;

#define SEGMENTS 256u /* each costs some of the kernel's memory, attached or not */

struct segment {
	struct list link;
	struct memobj *obj;              /* a reference until it is removed */
	struct ipc_perm perm;
	u32 bytes;
	u32 attached, detached, changed; /* when: seconds since 1970 */
	u32 maker, last;                 /* task numbers: of the task that made it, of the last that attached or detached it */
	bool removed;
};

extern struct list shm_segments;
extern u32 shm_count;

/* => the segment with that number, or at that place in the table; NULL: there is none */
struct segment *shm_find(s32 id);
struct segment *shm_at(u32 place);

#define SHM_DEST 01000u   /* in a mode that is told: it is removed once the last has detached it */
#define SHM_LOCKED 02000u /* in the mode: its pages are wired */

/* Pages of S that have been written or read, by where they are. */
struct shm_pages {
	u32 resident, swapped;
};
struct shm_pages shm_count_pages(const struct segment *s);

/* => how often OBJ is mapped */
u32 shm_count_attaches(const struct memobj *obj);

/* /proc/sys/kernel: the limits as they were set, and the number that the next segment is to have (below 0: any). */
extern u32 shm_set_bytes, shm_set_pages, shm_set_segments;
extern s32 shm_next_id;

u32 shm_pages_max(void);  /* what one segment may have at most: more could never be had */
u32 shm_bytes_max(void);  /* the same in bytes, or what was set */
u32 shm_all_max(void);    /* pages of all segments together */

/* Its key is free at once; it is gone with the last that has attached it, perhaps now. */
void shm_remove(struct segment *s);
