/*
 * shmctl: status and limits, IPC_SET, locking, removal.
 *
 * Source: shmctl(2).
 */
#include "kernel/base/clock.h"
#include "kernel/cpu/syscall.h"
#include "kernel/ipc/sysv/shm.h"
#include "mm/addrspace.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/memobj_shm.h"
#include "mm/slot.h"
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
STATIC_ASSERT(sizeof(struct shm_status) == 84, "as Linux has it");

/* Linux's struct shminfo64 and struct shm_info; the names are Linux's. */
struct shm_limits {
	u32 shmmax, shmmin, shmmni, shmseg, shmall, unused[4];
};
struct shm_usage {
	u32 used_ids, shm_tot, shm_rss, shm_swp, swap_attempts, swap_successes;
};

u32 shm_count_attaches(const struct memobj *obj)
{
	struct addrspace *as;
	struct region *r;
	u32 n = 0;

	list_for_each(as, &addrspace_all, all)
		list_for_each(r, &as->regions.head, link)
			n += r->obj == obj;
	return n;
}

static s32 segment_stat(const struct segment *s, vaddr_t to)
{
	struct shm_status status = {
		.perm = ipc_perm_tell(&s->perm, SEGMENTS), .bytes = s->bytes,
		.attached = s->attached, .detached = s->detached, .changed = s->changed, .maker = s->maker, .last = s->last,
		.attaches = shm_count_attaches(s->obj),
	};

	status.perm.mode |= s->removed ? SHM_DEST : 0;
	return usercopy_out(to, &status, sizeof(status));
}

/* SHM_STAT: by its place. => its number */
static s32 segment_stat_place(u32 place, vaddr_t to)
{
	const struct segment *s = shm_at(place);
	s32 id = s ? s->perm.id : -EINVAL;

	return s && segment_stat(s, to) ? -EFAULT : id;
}

static s32 highest_place(void)
{
	const struct segment *s;
	u32 highest = 0;

	list_for_each(s, &shm_segments, link)
		highest = MAX(highest, (u32)s->perm.id % SEGMENTS);
	return highest;
}

u32 shm_pages_max(void)
{
	return frame_total() + slot_total();
}

u32 shm_all_max(void)
{
	return MIN(shm_set_pages, memobj_shm_max());
}

static s32 tell_limits(vaddr_t to)
{
	struct shm_limits limits = {
		.shmmax = shm_set_bytes, .shmmin = 1, .shmmni = shm_set_segments, .shmseg = shm_set_segments,
		.shmall = shm_all_max(),
	};

	return usercopy_out(to, &limits, sizeof(limits)) ? -EFAULT : highest_place();
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
static s32 tell_usage(vaddr_t to)
{
	struct shm_usage usage = { .used_ids = shm_count };
	const struct segment *s;

	list_for_each(s, &shm_segments, link) {
		struct shm_pages pages = shm_count_pages(s);

		usage.shm_tot += (s->bytes + PAGE_MASK) >> PAGE_SHIFT;
		usage.shm_rss += pages.resident;
		usage.shm_swp += pages.swapped;
	}
	return usercopy_out(to, &usage, sizeof(usage)) ? -EFAULT : highest_place();
}

static s32 segment_set(s32 id, vaddr_t from)
{
	struct shm_status status;
	struct segment *s;

	if (usercopy_in(&status, from, sizeof(status)))
		return -EFAULT;
	s = shm_find(id);
	if (!s)
		return -EINVAL;
	ipc_perm_set(&s->perm, &status.perm);
	s->changed = clock_seconds();
	return 0;
}

/* Also wires pages that no task has attached. => 0, -ENOMEM: more than half of memory would be wired */
static s32 segment_lock(struct segment *s)
{
	if (!(s->perm.mode & SHM_LOCKED) && !wired_more_allowed(s->obj->npages))
		return -ENOMEM;
	memobj_shm_lock(s->obj, true);
	s->perm.mode |= SHM_LOCKED;
	return 0;
}

static s32 segment_unlock(struct segment *s)
{
	memobj_shm_lock(s->obj, false);
	s->perm.mode &= ~SHM_LOCKED;
	return 0;
}

SYSCALL(shmctl)
{
	struct segment *s = shm_find(arg[0]);

	if ((s32)arg[0] < 0)
		return -EINVAL;
	switch (arg[1]) {
	case IPC_INFO:
		return tell_limits(arg[2]);
	case SHM_INFO:
		return tell_usage(arg[2]);
	case SHM_STAT:
	case SHM_STAT_ANY:
		return segment_stat_place(arg[0], arg[2]);
	case IPC_SET:
		return segment_set(arg[0], arg[2]);
	default:
		break;
	}
	if (!s)
		return -EINVAL;
	switch (arg[1]) {
	case IPC_STAT:
		return segment_stat(s, arg[2]);
	case IPC_RMID:
		shm_remove(s);
		return 0;
	case SHM_LOCK:
		return segment_lock(s);
	case SHM_UNLOCK:
		return segment_unlock(s);
	default:
		return -EINVAL;
	}
}
