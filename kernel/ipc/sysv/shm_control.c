/*
 * shmctl: what it does for segments alone. What queues and segments share: object.c.
 *
 * Source: shmctl(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/ipc/sysv/shm.h"
#include "mm/addrspace.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/memobj_shm.h"
#include "mm/usercopy.h"
#include "mm/wired.h"

enum { SHM_LOCK = 11, SHM_UNLOCK = 12, SHM_STAT = 13, SHM_INFO = 14, SHM_STAT_ANY = 15 };

/* Linux's struct shmid64_ds for i386. */
struct shm_status {
	struct ipc_perm_user perm;
	u32 bytes;
	u32 attached, attached_high, detached, detached_high, changed, changed_high;
	u32 maker, last, attaches;
	u32 unused[2];
};
STATIC_ASSERT(sizeof(struct shm_status) == 84 && sizeof(struct shm_status) <= IPC_STATUS_MAX, "as Linux has it");

/* Linux's struct shminfo64 and struct shm_info; the names are Linux's. */
struct shm_limits {
	u32 shmmax, shmmin, shmmni, shmseg, shmall, unused[4];
};
struct shm_usage {
	u32 used_ids, shm_tot, shm_rss, shm_swp, swap_attempts, swap_successes;
};

u32 shm_count_attaches(const struct memobj *obj)
{
	const struct region *r;
	u32 n = 0;

	list_for_each(r, &obj->regions, mapping)
		n++;
	return n;
}

static s32 segment_stat(const struct ipc_object *o, vaddr_t to)
{
	const struct segment *s = shm_segment_of(o);
	struct shm_status status = {
		.perm = ipc_perm_of(&shm_segments, o), .bytes = s->bytes,
		.attached = s->attached, .detached = s->detached, .changed = o->changed, .maker = s->maker, .last = s->last,
		.attaches = shm_count_attaches(s->obj),
	};

	status.perm.mode |= s->removed ? SHM_DEST : 0;
	return usercopy_out(to, &status, sizeof(status));
}

static void segment_remove(struct ipc_object *o)
{
	shm_remove(shm_segment_of(o));
}

const struct ipc_kind_ops shm_kind_ops = {
	.status_bytes = sizeof(struct shm_status), .stat = segment_stat, .remove = segment_remove,
};

static s32 shm_limits_out(vaddr_t to)
{
	struct shm_limits limits = {
		.shmmax = shm_max_bytes, .shmmin = 1, .shmmni = shm_segments.limit, .shmseg = shm_segments.limit,
		.shmall = shm_all_max(),
	};

	return usercopy_out(to, &limits, sizeof(limits)) ? -EFAULT : ipc_highest(&shm_segments);
}

struct shm_pages shm_count_pages(const struct segment *s)
{
	struct shm_pages pages = { 0, 0 };
	const struct anon *a;

	for (u32 index = 0; (a = pagemap_next(&s->obj->pages, &index, ~0u)); index++) {
		pages.resident += a->frame != NULL;
		pages.swapped += a->frame == NULL;
	}
	return pages;
}

/* SHM_INFO: pages of all segments: their sizes, those in memory, those on the swap area. */
static s32 shm_usage_out(vaddr_t to)
{
	struct shm_usage usage = { .used_ids = shm_segments.count };

	for (u32 i = 0; i < SEGMENTS; i++) {
		const struct segment *s = shm_segment_of(ipc_at(&shm_segments, i));
		struct shm_pages pages;

		if (!s)
			continue;
		pages = shm_count_pages(s);
		usage.shm_tot += (s->bytes + PAGE_MASK) >> PAGE_SHIFT;
		usage.shm_rss += pages.resident;
		usage.shm_swp += pages.swapped;
	}
	return usercopy_out(to, &usage, sizeof(usage)) ? -EFAULT : ipc_highest(&shm_segments);
}

/* Also wires pages that no task has attached. => 0, -ENOMEM: more than half of memory would be wired */
static s32 segment_lock(struct segment *s)
{
	if (!(s->object.mode & SHM_LOCKED) && !wired_more_allowed(s->obj->npages))
		return -ENOMEM;
	memobj_shm_lock(s->obj, true);
	s->object.mode |= SHM_LOCKED;
	return 0;
}

static s32 segment_unlock(struct segment *s)
{
	memobj_shm_lock(s->obj, false);
	s->object.mode &= ~SHM_LOCKED;
	return 0;
}

SYSCALL(shmctl)
{
	s32 id = arg[0];
	struct segment *s = shm_segment_of(ipc_find(&shm_segments, id));

	if (id < 0)
		return -EINVAL;
	switch (arg[1]) {
	case IPC_INFO:
		return shm_limits_out(arg[2]);
	case SHM_INFO:
		return shm_usage_out(arg[2]);
	case SHM_STAT:
	case SHM_STAT_ANY:
		return ipc_stat_at(&shm_segments, id, arg[2]);
	case SHM_LOCK:
		return s ? segment_lock(s) : -EINVAL;
	case SHM_UNLOCK:
		return s ? segment_unlock(s) : -EINVAL;
	default:
		return ipc_control(&shm_segments, id, arg[1], arg[2]);
	}
}
