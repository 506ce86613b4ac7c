/*
 * The system calls of memory: check limits, turn descriptors into memory objects, and call mm/.
 *
 * Sources: mmap(2), brk(2), mremap(2), mprotect(2), mlock(2), msync(2), mincore(2), madvise(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"
#include "kernel/fs/memfd.h"
#include "kernel/task/limit.h"
#include "kernel/task/task.h"
#include "mm/advise.h"
#include "mm/mapcall.h"
#include "mm/memobj_file.h"
#include "mm/mm.h"
#include "mm/remap.h"

static struct addrspace *space(void)
{
	return task_current()->as;
}

SYSCALL(brk)
{
	struct addrspace *as = space();

	if (arg[0] > as->heap_end && !limit_allows_memory(arg[0] - as->heap_end, true, 0, 0))
		return (s32)as->heap_end;
	return (s32)mapcall_brk(as, arg[0]);
}

SYSCALL(munmap)
{
	return mapcall_munmap(space(), arg[0], arg[1]);
}

SYSCALL(mprotect)
{
	return mapcall_mprotect(space(), arg[0], arg[1], arg[2]);
}

SYSCALL(mlock)
{
	return mapcall_mlock(space(), arg[0], arg[1], 0);
}

SYSCALL(mlock2)
{
	return mapcall_mlock(space(), arg[0], arg[1], arg[2]);
}

SYSCALL(mlockall)
{
	return mapcall_mlockall(space(), arg[0]);
}

SYSCALL(munlockall)
{
	(void)arg;
	return mapcall_munlockall(space());
}

SYSCALL(madvise)
{
	return advise(space(), arg[0], arg[1], arg[2]);
}

SYSCALL(mremap)
{
	if (arg[2] > arg[1] && !limit_allows_memory(arg[2] - arg[1], false, 0, 0))
		return -ENOMEM;
	return remap(space(), arg[0], arg[1], arg[2], arg[3], arg[4]);
}

SYSCALL(munlock)
{
	return mapcall_munlock(space(), arg[0], arg[1]);
}

/* => the permissions that mprotect(2) may give to a mapping of F */
static u32 max_prot(const struct file *f, u32 flags)
{
	u32 prot = REGION_READ | REGION_EXEC;

	if (!(flags & MAP_SHARED) || file_writable(f))
		prot |= REGION_WRITE;
	return prot;
}

/* MAP_SHARED_VALIDATE rejects unknown flags, which the older types ignore. */
static bool known_flags(u32 flags)
{
	const u32 hints = 0x800 | 0x1000 | 0x10000 | 0x20000 | 0x40; /* DENYWRITE EXECUTABLE NONBLOCK STACK 32BIT */
	const u32 huge = 0x40000 | 0x7C000000;                       /* HUGETLB and its sizes */

	return !(flags & ~(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE |
			   hints | huge));
}

static s32 map_file(const u32 *arg, struct file *f)
{
	struct memobj *obj;
	u32 allowed = max_prot(f, arg[3]), type = arg[3] & MAP_TYPE;
	int error;

	if (!arg[1] || !type || type > MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (type == MAP_SHARED_VALIDATE && !known_flags(arg[3]))
		return -EOPNOTSUPP;
	if (!file_readable(f) || ((arg[2] & REGION_WRITE) && !(allowed & REGION_WRITE)))
		return -EACCES;
	if ((arg[3] & MAP_SHARED) && file_writable(f) && (f->inode->flags & INODE_APPEND))
		return -EACCES; /* a store would not append */
	error = memfd_may_map(f, arg[2], arg[3], &allowed);
	if (error)
		return error;
	obj = f->ops->zeros ? NULL : file_memobj(f);
	if (!obj && !f->ops->zeros)
		return -ENODEV;
	return mapcall_mmap(space(), arg[0], arg[1], arg[2], allowed, arg[3], obj, arg[5]);
}

static bool map_is_allowed(const u32 *arg)
{
	bool data = (arg[2] & REGION_WRITE) && !(arg[3] & MAP_SHARED), fixed = arg[3] & MAP_FIXED;

	return limit_allows_memory(arg[1], data, fixed ? arg[0] : 0, fixed ? MIN((u64)arg[0] + arg[1], (u64)USER_END) : 0);
}

static s32 sys_mem_map(const u32 *arg)
{
	struct file *f;
	s32 result;

	if (!map_is_allowed(arg))
		return -ENOMEM;
	if (arg[3] & MAP_ANONYMOUS)
		return mapcall_mmap(space(), arg[0], arg[1], arg[2], REGION_READ | REGION_WRITE | REGION_EXEC,
				    arg[3], NULL, arg[5]);
	f = file_get(arg[4]);
	if (!f)
		return -EBADF;
	result = map_file(arg, f);
	file_put(f);
	return result;
}

SYSCALL(mmap2)
{
	return sys_mem_map(arg);
}

/* The old form of mmap: all arguments in memory, the offset in bytes. */
SYSCALL(mmap)
{
	u32 inner[6];

	if (usercopy_in(inner, arg[0], sizeof(inner)))
		return -EFAULT;
	if (inner[5] & PAGE_MASK)
		return -EINVAL;
	inner[5] >>= PAGE_SHIFT;
	return sys_mem_map(inner);
}

/* --- msync --------------------------------------------------------------------------------------------------------- */

enum { MS_ASYNC = 1, MS_INVALIDATE = 2, MS_SYNC = 4 };

/*
 * Writes back the part of [*START, END) that the region at *START maps, if that is a shared mapping of a file, and
 * moves *START to the end of that part.
 * => 0, -ENOMEM: nothing is mapped at *START, -EBUSY: it is locked, -EIO; sleeps
 */
static int sync_region(vaddr_t *start, vaddr_t end, u32 flags)
{
	const struct region *r = region_find_from(&space()->regions, *start);
	vaddr_t from = *start;
	struct memobj *obj;
	u32 first;
	int error;

	if (!r || r->start > from) {
		*start = r ? MIN(r->start, end) : end;
		return -ENOMEM;
	}
	*start = MIN(r->end, end);
	if ((flags & MS_INVALIDATE) && (r->flags & REGION_WIRED))
		return -EBUSY;
	obj = r->obj;
	if (!(flags & MS_SYNC) || !(r->flags & REGION_SHARED) || !memobj_is_file(obj))
		return 0;
	first = region_object_index(r, from);
	memobj_ref(obj);
	error = file_sync_object(obj, first, first + ((*start - from) >> PAGE_SHIFT));
	memobj_unref(obj);
	return error;
}

/* A hole in the range is reported after everything else has been written back; other errors end the call at once. */
SYSCALL(msync)
{
	vaddr_t start = arg[0], end = start + ALIGN_UP(arg[1], PAGE_SIZE);
	bool hole = false;

	if ((arg[2] & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) || (start & PAGE_MASK) ||
	    (arg[2] & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	if (end < start || (arg[1] && end == start))
		return -ENOMEM;
	while (start < end) {
		int error = sync_region(&start, end, arg[2]);

		if (error && error != -ENOMEM)
			return error;
		hole |= error == -ENOMEM;
	}
	return hole ? -ENOMEM : 0;
}

SYSCALL(mincore)
{
	u32 pages = DIV_UP(arg[1], PAGE_SIZE);

	if (arg[0] & PAGE_MASK)
		return -EINVAL;
	if (arg[0] >= USER_END || arg[1] > USER_END - arg[0])
		return -ENOMEM;
	for (u32 i = 0; i < pages; i++) {
		s32 resident = mapcall_resident(space(), arg[0] + i * PAGE_SIZE);
		u8 answer = resident;

		if (resident < 0)
			return resident;
		if (usercopy_out(arg[2] + i, &answer, 1))
			return -EFAULT;
	}
	return 0;
}
