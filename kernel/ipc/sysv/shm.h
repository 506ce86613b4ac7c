/* System V shared memory: the segments of shm.c, for shm_control.c. */
#pragma once

#include "kernel/base/list.h"
#include "kernel/ipc/sysv/perm.h"

struct memobj;

#define SEGMENTS 256u /* each costs some of the kernel's memory, attached or not */

struct segment {
	struct list link;
	struct memobj *obj;              /* a reference until it is removed */
	struct ipc_perm perm;
	u32 bytes;
	u32 attached, detached, changed; /* times of the last shmat, shmdt, shmctl: seconds since 1970 */
	u32 maker, last;                 /* task numbers: of its creator, of the last task that attached or detached it */
	bool removed;
};

extern struct list shm_segments;
extern u32 shm_count;

/* => the segment with that number, or at that place in the table; NULL: there is none */
struct segment *shm_find(s32 id);
struct segment *shm_at(u32 place);

#define SHM_DEST 01000u   /* in a mode that shmctl returns: removed, and destroyed when the last task detaches it */
#define SHM_LOCKED 02000u /* in the mode: its pages are wired */

/* How many pages of S exist in memory and how many on the swap area. */
struct shm_pages {
	u32 resident, swapped;
};
struct shm_pages shm_count_pages(const struct segment *s);

/* => how often OBJ is mapped */
u32 shm_count_attaches(const struct memobj *obj);

/* /proc/sys/kernel: the limits as set there, and the number that the next segment gets (negative: any). */
extern u32 shm_set_bytes, shm_set_pages, shm_set_segments;
extern s32 shm_next_id;

u32 shm_pages_max(void);  /* of one segment: more could never be in memory and swap */
u32 shm_all_max(void);    /* pages of all segments together */

/* Every segment is removed. */
void shm_end(void);

/* IPC_RMID: frees the key at once, and the segment when no task has it attached any more, perhaps now. */
void shm_remove(struct segment *s);
