/*
 * What System V's message queues and shared memory have in common: keys, numbers, owners and modes.
 *
 * An object's number contains its place in the table of its kind, so that a program can walk the table (MSG_STAT, SHM_STAT).
 *
 * Source: sysvipc(7).
 */
#pragma once

#include "kernel/base/types.h"

enum { IPC_RMID = 0, IPC_SET = 1, IPC_STAT = 2, IPC_INFO = 3, IPC_64 = 0x100 };
enum { IPC_CREAT = 01000, IPC_EXCL = 02000, IPC_NOWAIT = 04000 };

struct ipc_perm {
	s32 key, id;
	u32 uid, gid, mode;
};

/* Linux's struct ipc64_perm for i386. */
struct ipc_perm_user {
	s32 key;
	u32 uid, gid, cuid, cgid;
	u16 mode, pad1, seq, pad2;
	u32 unused[2];
};
STATIC_ASSERT(sizeof(struct ipc_perm_user) == 36, "as Linux has it");

/* => the user's structure for an object in a table of PLACES */
static inline struct ipc_perm_user ipc_perm_tell(const struct ipc_perm *p, u32 places)
{
	return (struct ipc_perm_user){
		.key = p->key, .uid = p->uid, .gid = p->gid, .mode = p->mode, .seq = (u32)p->id / places,
	};
}

/* => the place at which to start searching for a free one among PLACES. NEXT: the wanted number; negative: none */
static inline u32 ipc_first_place(s32 next, u32 places)
{
	return next < 0 ? 0 : (u32)next % places;
}

/* => the number of a new object at PLACE of PLACES: *NEXT, which is reset, if one was wanted */
static inline s32 ipc_new_id(s32 *next, u32 *made, u32 place, u32 places)
{
	u32 round = *next < 0 ? (*made)++ : (u32)*next / places;

	*next = -1;
	return (s32)((round * places + place) & INT32_MAX);
}

/* IPC_SET */
static inline void ipc_perm_set(struct ipc_perm *p, const struct ipc_perm_user *from)
{
	p->uid = from->uid;
	p->gid = from->gid;
	p->mode = (p->mode & ~0777u) | (from->mode & 0777);
}
