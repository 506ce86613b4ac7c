/*
 * System V shared memory: segments with keys and numbers, around the same objects of anonymous pages that the files of
 * /dev/shm have.
 *
 * To attach a segment is to map its object, so fork, exec, exit and munmap() need to know nothing of it, and how often it
 * is attached is how many regions map it. A segment holds a reference to its object until it is removed; then the regions
 * alone do, and the last that goes takes the pages and the segment along. So a segment's object is an object whose
 * destroy() does a little more: that is all in which it differs.
 *
 * What Linux counts where a mapping is made or goes, in fork, exec and exit too, is the times and the number of the last
 * task; here shmat() and shmdt() alone set them. No segment can be locked: memory that nobody has attached could then
 * never be had again. Whoever asks is root, so nobody is refused for the mode's sake.
 *
 * Sources: shmget(2), shmop(2), shmctl(2).
 */
#include "kernel/base/clock.h"
#include "kernel/base/list.h"
#include "kernel/base/panic.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/mapcall.h"
#include "mm/memobj_shm.h"
#include "mm/slot.h"
#include "mm/usercopy.h"

#define SEGMENTS 256u /* each costs some of the kernel's memory, attached or not */

enum { IPC_CREAT = 01000, IPC_EXCL = 02000, SHM_HUGETLB = 04000, SHM_RDONLY = 010000, SHM_RND = 020000,
       SHM_REMAP = 040000, SHM_EXEC = 0100000 };
enum { IPC_RMID = 0, IPC_SET = 1, IPC_STAT = 2, SHM_LOCK = 11, SHM_UNLOCK = 12, IPC_64 = 0x100, SHM_DEST = 01000 };

struct segment {
	struct list link;
	struct memobj *obj;              /* a reference until it is removed */
	s32 key, id;
	u32 bytes, mode, uid, gid;
	u32 attached, detached, changed; /* when: seconds since 1970 */
	u32 maker, last;                 /* task numbers */
	bool removed;
};

/* Linux's struct shmid64_ds for i386. */
struct shm_status {
	s32 key;
	u32 uid, gid, cuid, cgid;
	u16 mode, pad1, seq, pad2;
	u32 unused1, unused2;
	u32 bytes;
	u32 attached, attached_high, detached, detached_high, changed, changed_high;
	u32 maker, last, attaches;
	u32 unused[2];
};
STATIC_ASSERT(sizeof(struct shm_status) == 84, "as Linux has it");

static struct list segments = LIST_INIT(segments);
static u32 segment_count, made;
static struct memobj_ops segment_ops;          /* plain_ops with a destroy() of its own */
static const struct memobj_ops *plain_ops;

/* --- segments ------------------------------------------------------------------------------------------------------ */

static struct segment *segment_find(s32 id)
{
	struct segment *s;

	list_for_each(s, &segments, link)
		if (s->id == id)
			return s;
	return NULL;
}

static struct segment *segment_of(const struct memobj *obj)
{
	struct segment *s;

	list_for_each(s, &segments, link)
		if (s->obj == obj)
			return s;
	panic("object %p belongs to no segment", (const void *)obj);
}

static bool is_segment(const struct memobj *obj)
{
	return obj && obj->ops == &segment_ops;
}

static void segment_destroy(struct memobj *obj)
{
	struct segment *s = segment_of(obj);

	ASSERT(s->removed);
	list_remove(&s->link);
	segment_count--;
	kfree(s);
	plain_ops->destroy(obj);
}

/* Its key is free at once; it is gone with the last who has attached it, perhaps now. */
static void segment_remove(struct segment *s)
{
	if (s->removed)
		return;
	s->removed = true;
	s->key = 0;
	memobj_unref(s->obj);
}

void compat_end(void)
{
	struct segment *s, *next;

	list_for_each_safe(s, next, &segments, link)
		segment_remove(s);
}

/* => an object of PAGES pages that knows of its segment, NULL without memory */
static struct memobj *segment_object(u32 pages)
{
	struct memobj *obj = memobj_shm_create(pages);

	if (!obj)
		return NULL;
	plain_ops = obj->ops;
	segment_ops = *plain_ops;
	segment_ops.destroy = segment_destroy;
	return obj;
}

/* => its number, -EINVAL, -ENOSPC, -ENOMEM: also if all memory and swap together could not hold it */
static s32 segment_make(s32 key, u32 bytes, u32 flags)
{
	u32 pages = bytes / PAGE_SIZE + !!(bytes & PAGE_MASK);
	struct segment *s;

	if (!bytes || (flags & SHM_HUGETLB))
		return -EINVAL;
	if (segment_count == SEGMENTS)
		return -ENOSPC;
	if (pages > frame_total() + slot_total())
		return -ENOMEM;
	s = kzalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->obj = segment_object(pages);
	if (!s->obj) {
		kfree(s);
		return -ENOMEM;
	}
	s->obj->ops = &segment_ops;
	s->key = key;
	s->id = (s32)(made++ & INT32_MAX);
	s->bytes = bytes;
	s->mode = flags & 0777;
	s->changed = clock_seconds();
	s->maker = task_current()->pid;
	list_push_back(&segments, &s->link);
	segment_count++;
	return s->id;
}

SYSCALL(shmget)
{
	s32 key = arg[0];
	struct segment *s;

	list_for_each(s, &segments, link) {
		if (!key || s->key != key)
			continue;
		if ((arg[2] & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL))
			return -EEXIST;
		return arg[1] > s->bytes ? -EINVAL : s->id;
	}
	if (key && !(arg[2] & IPC_CREAT))
		return -ENOENT;
	return segment_make(key, arg[1], arg[2]);
}

/* --- attach and detach --------------------------------------------------------------------------------------------- */

/* The mapping may take the place of the last that there is of S, and may sleep: the object is held meanwhile. */
static s32 segment_attach(struct segment *s, vaddr_t at, u32 map_flags, u32 flags)
{
	u32 allowed = REGION_READ | REGION_EXEC | (flags & SHM_RDONLY ? 0 : REGION_WRITE);
	u32 prot = flags & SHM_EXEC ? allowed : allowed & ~(u32)REGION_EXEC;
	struct memobj *obj = s->obj;
	s32 result;

	memobj_ref(obj);
	result = mapcall_mmap(task_current()->as, at, s->bytes, prot, allowed, MAP_SHARED | map_flags, obj, 0);
	if ((u32)result <= (u32)-4096) {
		s->attached = clock_seconds();
		s->last = task_current()->pid;
	}
	memobj_unref(obj);
	return result == -EEXIST ? -EINVAL : result;
}

SYSCALL(shmat)
{
	vaddr_t at = arg[2] & SHM_RND ? ALIGN_DOWN(arg[1], PAGE_SIZE) : arg[1];
	struct segment *s = segment_find(arg[0]);
	u32 fixed = arg[2] & SHM_REMAP ? MAP_FIXED : MAP_FIXED_NOREPLACE;

	if (!s || (at & PAGE_MASK) || (!at && (arg[2] & SHM_REMAP)))
		return -EINVAL;
	return segment_attach(s, at, arg[1] ? fixed : 0, arg[2]);
}

/* => the first region from FROM on that maps OBJ (NULL: any segment) where it lies if it was attached at START, or NULL */
static struct region *next_piece(struct addrspace *as, vaddr_t start, vaddr_t from, const struct memobj *obj)
{
	struct region *r = region_find_from(&as->regions, from);

	while (r && !(r->start >= start && is_segment(r->obj) && (!obj || r->obj == obj) &&
		      (r->start - start) >> PAGE_SHIFT == r->obj_index))
		r = region_next(&as->regions, r);
	return r;
}

/* All pieces that munmap() and mprotect() have left of what was attached at START. */
SYSCALL(shmdt)
{
	struct addrspace *as = task_current()->as;
	vaddr_t start = arg[0];
	struct region *r = start & PAGE_MASK ? NULL : next_piece(as, start, start, NULL);
	struct memobj *obj;
	struct segment *s;
	int error = 0;

	if (!r)
		return -EINVAL;
	obj = r->obj;
	memobj_ref(obj);
	while (!error && (r = next_piece(as, start, start, obj)))
		error = addrspace_unmap(as, r->start, r->end - r->start);
	s = segment_of(obj);
	s->detached = clock_seconds();
	s->last = task_current()->pid;
	memobj_unref(obj);
	return error;
}

/* --- control ------------------------------------------------------------------------------------------------------- */

static u32 count_attaches(const struct memobj *obj)
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
		.key = s->key, .uid = s->uid, .gid = s->gid, .mode = s->mode | (s->removed ? SHM_DEST : 0), .bytes = s->bytes,
		.attached = s->attached, .detached = s->detached, .changed = s->changed, .maker = s->maker, .last = s->last,
		.attaches = count_attaches(s->obj),
	};

	return usercopy_out(to, &status, sizeof(status));
}

static s32 segment_set(s32 id, vaddr_t from)
{
	struct shm_status status;
	struct segment *s;

	if (usercopy_in(&status, from, sizeof(status)))
		return -EFAULT;
	s = segment_find(id);
	if (!s)
		return -EINVAL;
	s->uid = status.uid;
	s->gid = status.gid;
	s->mode = status.mode & 0777;
	s->changed = clock_seconds();
	return 0;
}

SYSCALL(shmctl)
{
	struct segment *s = segment_find(arg[0]);
	u32 command = arg[1] & ~(u32)IPC_64;

	if (command == IPC_SET)
		return segment_set(arg[0], arg[2]);
	if (!s)
		return -EINVAL;
	switch (command) {
	case IPC_STAT:
		return segment_stat(s, arg[2]);
	case IPC_RMID:
		segment_remove(s);
		return 0;
	case SHM_LOCK:
		return -ENOMEM;
	case SHM_UNLOCK:
		return 0;
	default:
		return -EINVAL;
	}
}
