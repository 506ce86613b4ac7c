/*
 * System V shared memory: segments with keys and numbers, around the same objects of anonymous pages that the files of
 * /dev/shm have.
 *
 * To attach a segment is to map its object, so fork, exec, exit and munmap() need to know nothing of it, and how often it
 * is attached is how many regions map it. A segment holds a reference to its object until it is removed; then the regions
 * alone do, and with the last of them the pages and the segment are freed. So a segment's object is an object whose
 * destroy() does a little more and which has a mapped(); otherwise it is the same.
 *
 * The times and the number of the last task change whenever a mapping of the segment is made or removed: in shmat and
 * shmdt, in fork, exec and exit too. The object's mapped() does that.
 *
 * Sources: shmget(2), shmop(2), shmctl(2).
 */
#include "kernel/base/clock.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/cpu/syscall.h"
#include "kernel/ipc/sysv/shm.h"
#include "kernel/task/task.h"
#include "mm/commit.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/mapcall.h"
#include "mm/memobj_shm.h"
#include "mm/slot.h"

enum { SHM_HUGETLB = 04000, SHM_RDONLY = 010000, SHM_RND = 020000,
       SHM_REMAP = 040000, SHM_EXEC = 0100000 };

struct ipc_kind shm_segments = {
	.ops = &shm_kind_ops, .table = (struct ipc_object *[SEGMENTS]){ NULL }, .places = SEGMENTS, .limit = SEGMENTS,
	.next_id = -1,
};
u32 shm_max_bytes = ~0u - (16u << 20), shm_set_pages = ~0u;
static u32 segment_pages; /* of all segments, whether the pages exist yet or not */
static struct memobj_ops segment_ops;          /* plain_ops with a destroy() and a mapped() of its own */
static const struct memobj_ops *plain_ops;

/* --- segments ------------------------------------------------------------------------------------------------------ */

/* => the segment of OBJ, which is the object of one */
static struct segment *segment_of_object(const struct memobj *obj)
{
	for (u32 i = 0; i < SEGMENTS; i++) {
		struct segment *s = shm_segment_of(ipc_at(&shm_segments, i));

		if (s && s->obj == obj)
			return s;
	}
	panic("object %p belongs to no segment", (const void *)obj);
}

static bool is_segment(const struct memobj *obj)
{
	return obj && obj->ops == &segment_ops;
}

static void segment_destroy(struct memobj *obj)
{
	struct segment *s = segment_of_object(obj);

	ASSERT(s->removed);
	ipc_take_out(&shm_segments, &s->object);
	segment_pages -= obj->npages;
	memobj_shm_unpromise(obj->npages);
	kfree(s);
	plain_ops->destroy(obj);
}

static void segment_mapped(struct memobj *obj, bool more)
{
	struct segment *s = segment_of_object(obj);

	*(more ? &s->attached : &s->detached) = clock_seconds();
	s->last = task_current()->pid;
}

static void segment_describe(const struct memobj *obj, char *buf, u32 size)
{
	format(buf, size, "System V segment %d", segment_of_object(obj)->object.id);
}

void shm_remove(struct segment *s)
{
	if (s->removed)
		return;
	s->removed = true;
	s->object.key = 0;
	memobj_unref(s->obj);
}

void shm_end(void)
{
	for (u32 i = 0; i < SEGMENTS; i++)
		if (ipc_at(&shm_segments, i))
			shm_remove(shm_segment_of(ipc_at(&shm_segments, i)));
}

/* *OUT: an object of PAGES pages with a segment's functions; the pages are promised to it. => 0, -ENOSPC, -ENOMEM */
static int segment_object(u32 pages, struct memobj **out)
{
	int error = commit_allows(pages) ? memobj_shm_promise(pages) : -ENOMEM;
	struct memobj *obj = error ? NULL : memobj_shm_create(pages);

	if (error)
		return error;
	if (!obj) {
		memobj_shm_unpromise(pages);
		return -ENOMEM;
	}
	plain_ops = obj->ops;
	segment_ops = *plain_ops;
	segment_ops.destroy = segment_destroy;
	segment_ops.mapped = segment_mapped;
	segment_ops.describe = segment_describe;
	*out = obj;
	return 0;
}

u32 shm_all_max(void)
{
	return MIN(shm_set_pages, memobj_shm_max());
}

/*
 * All segments together may take half of memory and swap (Linux's shmall), less what files of /dev/shm have: they outlive the
 * tasks that made them, so killing a task would not free their memory.
 * => its number, -EINVAL, -ENOSPC, -ENOMEM: also if all memory and swap together could not hold it
 */
static s32 segment_make(s32 key, u32 bytes, u32 flags)
{
	u32 pages = bytes / PAGE_SIZE + !!(bytes & PAGE_MASK);
	struct segment *s;
	int error;

	if (!bytes || bytes > shm_max_bytes)
		return -EINVAL;
	if (shm_segments.count >= shm_segments.limit)
		return -ENOSPC;
	if (pages > frame_total() + slot_total() || (flags & SHM_HUGETLB))
		return -ENOMEM; /* there are no huge pages */
	if (segment_pages + pages > shm_all_max())
		return -ENOSPC;
	s = kzalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	error = segment_object(pages, &s->obj);
	if (error) {
		kfree(s);
		return error;
	}
	s->obj->ops = &segment_ops;
	s->bytes = bytes;
	s->maker = task_current()->pid;
	segment_pages += pages;
	return ipc_insert(&shm_segments, &s->object, key, flags & 0777);
}

SYSCALL(shmget)
{
	struct ipc_object *o;
	int error = ipc_get(&shm_segments, arg[0], arg[2], &o);

	if (error)
		return error;
	if (!o)
		return segment_make(arg[0], arg[1], arg[2]);
	return arg[1] > shm_segment_of(o)->bytes ? -EINVAL : o->id;
}

/* --- attach and detach --------------------------------------------------------------------------------------------- */

/* The new mapping may replace the last one of S, and this may sleep: the object is held meanwhile. */
static s32 segment_attach(struct segment *s, vaddr_t at, u32 map_flags, u32 flags)
{
	u32 allowed = REGION_READ | REGION_EXEC | (flags & SHM_RDONLY ? 0 : REGION_WRITE);
	u32 prot = flags & SHM_EXEC ? allowed : allowed & ~(u32)REGION_EXEC;
	struct memobj *obj = s->obj;
	s32 result;

	memobj_ref(obj);
	result = mapcall_mmap(task_current()->as, at, s->bytes, prot, allowed, MAP_SHARED | map_flags, obj, 0);
	memobj_unref(obj);
	return result == -EEXIST ? -EINVAL : result;
}

SYSCALL(shmat)
{
	vaddr_t at = arg[2] & SHM_RND ? ALIGN_DOWN(arg[1], PAGE_SIZE) : arg[1];
	struct segment *s = shm_segment_of(ipc_find(&shm_segments, arg[0]));
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
	int error = 0;

	if (!r)
		return -EINVAL;
	obj = r->obj;
	memobj_ref(obj);
	while (!error && (r = next_piece(as, start, start, obj)))
		error = addrspace_unmap(as, r->start, r->end - r->start);
	memobj_unref(obj);
	return error;
}
