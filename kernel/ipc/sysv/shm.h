/* System V shared memory: what shm.c shares with shm_control.c and /proc. */
#pragma once

#include "kernel/ipc/sysv/object.h"

struct memobj;

#define SEGMENTS 256u /* each costs some of the kernel's memory, attached or not */

struct segment {
	struct ipc_object object;
	struct memobj *obj;              /* a reference until it is removed */
	u32 bytes;
	u32 attached, detached;          /* times of the last shmat and shmdt: seconds since 1970 */
	u32 maker, last;                 /* task numbers: of its creator, of the last task that attached or detached it */
	bool removed;
};

extern struct ipc_kind shm_segments;

/* => the segment that O, of shm_segments, is; O may be NULL */
static inline struct segment *shm_segment_of(const struct ipc_object *o)
{
	return o ? container_of(o, struct segment, object) : NULL;
}

#define SHM_DEST 01000u   /* in a mode that shmctl returns: removed, and destroyed when the last task detaches it */
#define SHM_LOCKED 02000u /* in the mode: its pages are wired */

/* Limits of a segment and of all together in bytes and pages, as set in /proc/sys/kernel. */
extern u32 shm_max_bytes, shm_set_pages;
u32 shm_all_max(void); /* pages of all segments together */

/* IPC_RMID: frees the key at once, and the segment when no task has it attached any more, perhaps now. */
void shm_remove(struct segment *s);

/* Removes every segment. */
void shm_end(void);

/* --- shm_control.c --- */

extern const struct ipc_kind_ops shm_kind_ops;

/* How many pages of S exist in memory and how many on the swap area. */
struct shm_pages {
	u32 resident, swapped;
};
struct shm_pages shm_count_pages(const struct segment *s);

/* => how often OBJ is mapped */
u32 shm_count_attaches(const struct memobj *obj);
