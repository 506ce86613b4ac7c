/*
 * The table of a kind of System V's objects, and the commands that message queues and segments share: see object.h.
 *
 * Source: sysvipc(7), msgctl(2), shmctl(2).
 */
#include "kernel/ipc/sysv/object.h"

#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "mm/usercopy.h"

struct ipc_perm_user ipc_perm_of(const struct ipc_kind *k, const struct ipc_object *o)
{
	return (struct ipc_perm_user){
		.key = o->key, .uid = o->uid, .gid = o->gid, .mode = o->mode, .seq = (u32)o->id / k->places,
	};
}

struct ipc_object *ipc_at(const struct ipc_kind *k, u32 place)
{
	return place < k->places ? k->table[place] : NULL;
}

struct ipc_object *ipc_find(const struct ipc_kind *k, s32 id)
{
	struct ipc_object *o = id < 0 ? NULL : k->table[(u32)id % k->places];

	return o && o->id == id ? o : NULL;
}

int ipc_get(const struct ipc_kind *k, s32 key, u32 flags, struct ipc_object **out)
{
	const u32 new = IPC_CREAT | IPC_EXCL;

	*out = NULL;
	for (u32 i = 0; key && !*out && i < k->places; i++)
		if (k->table[i] && k->table[i]->key == key)
			*out = k->table[i];
	if (*out)
		return (flags & new) == new ? -EEXIST : 0;
	return key && !(flags & IPC_CREAT) ? -ENOENT : 0;
}

/* => the first free place from the wanted one on, wrapping around */
static u32 ipc_free_place(const struct ipc_kind *k)
{
	u32 place = k->next_id < 0 ? 0 : (u32)k->next_id % k->places;

	ASSERT_CMP(k->count, <, k->places);
	while (k->table[place])
		place = (place + 1) % k->places;
	return place;
}

s32 ipc_insert(struct ipc_kind *k, struct ipc_object *o, s32 key, u32 mode)
{
	u32 place = ipc_free_place(k), round = k->next_id < 0 ? k->made++ : (u32)k->next_id / k->places;

	k->next_id = -1;
	k->count++;
	k->table[place] = o;
	o->key = key;
	o->id = (s32)((round * k->places + place) & INT32_MAX);
	o->mode = mode;
	o->changed = clock_seconds();
	return o->id;
}

void ipc_take_out(struct ipc_kind *k, struct ipc_object *o)
{
	k->table[(u32)o->id % k->places] = NULL;
	k->count--;
}

s32 ipc_highest(const struct ipc_kind *k)
{
	u32 place = k->places - 1;

	while (place && !k->table[place])
		place--;
	return place;
}

s32 ipc_stat_at(const struct ipc_kind *k, u32 place, vaddr_t to)
{
	const struct ipc_object *o = ipc_at(k, place);
	s32 id = o ? o->id : -EINVAL;

	return o && k->ops->stat(o, to) ? -EFAULT : id;
}

/* The object is looked up after the copy, which may sleep. */
static s32 ipc_set(const struct ipc_kind *k, s32 id, vaddr_t from)
{
	u32 status[IPC_STATUS_MAX / sizeof(u32)];
	const struct ipc_perm_user *perm = (const void *)status;
	struct ipc_object *o;
	int error;

	if (usercopy_in(status, from, k->ops->status_bytes))
		return -EFAULT;
	o = ipc_find(k, id);
	if (!o)
		return -EINVAL;
	error = k->ops->set ? k->ops->set(o, status) : 0;
	if (error)
		return error;
	o->uid = perm->uid;
	o->gid = perm->gid;
	o->mode = (o->mode & ~0777u) | (perm->mode & 0777);
	o->changed = clock_seconds();
	return 0;
}

s32 ipc_control(const struct ipc_kind *k, s32 id, u32 command, vaddr_t buf)
{
	struct ipc_object *o = ipc_find(k, id);

	if (command == IPC_SET)
		return id < 0 ? -EINVAL : ipc_set(k, id, buf);
	if (!o)
		return -EINVAL;
	switch (command) {
	case IPC_STAT:
		return k->ops->stat(o, buf);
	case IPC_RMID:
		k->ops->remove(o);
		return 0;
	default:
		return -EINVAL;
	}
}
