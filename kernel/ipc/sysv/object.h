/*
 * What System V's message queues and shared memory have in common: a table of objects with keys, numbers, owners and modes.
 *
 * An object's number contains its place in the table of its kind, so that a program can walk the table (MSG_STAT, SHM_STAT).
 * Every caller is root, so no call fails because of the mode.
 *
 * Source: sysvipc(7).
 */
#pragma once

#include "kernel/base/types.h"

enum { IPC_RMID = 0, IPC_SET = 1, IPC_STAT = 2, IPC_INFO = 3, IPC_64 = 0x100 };
enum { IPC_CREAT = 01000, IPC_EXCL = 02000, IPC_NOWAIT = 04000 };

struct ipc_object {
	s32 key, id;
	u32 uid, gid, mode;
	u32 changed;                /* by IPC_SET, or made: seconds since 1970 */
};

struct ipc_kind_ops {
	u32 status_bytes;           /* of the user's structure for an object, which begins with struct ipc_perm_user */
	/* IPC_STAT: writes that structure to TO. => 0, -EFAULT; sleeps */
	s32 (*stat)(const struct ipc_object *o, vaddr_t to);
	/* IPC_SET, beyond owner and mode; NULL: nothing. => 0, -EPERM; never sleeps */
	int (*set)(struct ipc_object *o, const void *status);
	/* IPC_RMID. Never sleeps. */
	void (*remove)(struct ipc_object *o);
};

struct ipc_kind {
	const struct ipc_kind_ops *ops;
	struct ipc_object **table;  /* each object at the place that its number holds, or NULL */
	u32 places;
	u32 count, limit;           /* objects; how many there may be: set in /proc/sys/kernel */
	s32 next_id;                /* the number that the next one gets, set there too; negative: any */
	u32 made;                   /* objects so far whose number was not set there */
};

/* Linux's struct ipc64_perm for i386. */
struct ipc_perm_user {
	s32 key;
	u32 uid, gid, cuid, cgid;
	u16 mode, pad1, seq, pad2;
	u32 unused[2];
};
STATIC_ASSERT(sizeof(struct ipc_perm_user) == 36, "as Linux has it");

/* The largest of the users' structures. */
#define IPC_STATUS_MAX 88

/* => the beginning of the user's structure for O */
struct ipc_perm_user ipc_perm_of(const struct ipc_kind *k, const struct ipc_object *o);

/* => the object with that number, or at that place (PLACE is checked); NULL: there is none */
struct ipc_object *ipc_find(const struct ipc_kind *k, s32 id);
struct ipc_object *ipc_at(const struct ipc_kind *k, u32 place);

/* The object for KEY that msgget or shmget with FLAGS means. => 0 and *OUT, NULL: a new one; -EEXIST, -ENOENT */
int ipc_get(const struct ipc_kind *k, s32 key, u32 flags, struct ipc_object **out);

/* O, which is all zero, becomes an object of its kind; there is a free place, since LIMIT is at most PLACES. => its number */
s32 ipc_insert(struct ipc_kind *k, struct ipc_object *o, s32 key, u32 mode);
void ipc_take_out(struct ipc_kind *k, struct ipc_object *o);

/* => the highest place in use; 0: none */
s32 ipc_highest(const struct ipc_kind *k);

/* MSG_STAT, SHM_STAT: as IPC_STAT, by the place. => its number, -EINVAL, -EFAULT; sleeps */
s32 ipc_stat_at(const struct ipc_kind *k, u32 place, vaddr_t to);

/* IPC_STAT, IPC_SET and IPC_RMID of the object with number ID. => 0, -EINVAL, -EFAULT, -EPERM; sleeps */
s32 ipc_control(const struct ipc_kind *k, s32 id, u32 command, vaddr_t buf);
