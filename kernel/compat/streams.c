/*
 * Variants of system calls on open files that C libraries and tools use.
 *
 * Sources: pipe2(2), dup3(2), preadv(2), readahead(2), posix_fadvise(2), fallocate(2).
 */
#include "kernel/fs/file.h"
#include "kernel/fs/size_limit.h"
#include "kernel/fs/syscalls.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/memobj.h"
#include "mm/usercopy.h"

SYSCALL(pipe2)
{
	if (arg[1] & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	return pipe_make(arg[0], arg[1]);
}

SYSCALL(dup3)
{
	if ((arg[2] & ~O_CLOEXEC) || arg[0] == arg[1])
		return -EINVAL;
	return descriptor_dup_to(arg[0], arg[1], arg[2]);
}

SYSCALL(preadv)
{
	u64 at = (u64)arg[4] << 32 | arg[3];

	return (s64)at < 0 ? -EINVAL : rw_vector_call(arg, false, &at);
}

SYSCALL(pwritev)
{
	u64 at = (u64)arg[4] << 32 | arg[3];

	return (s64)at < 0 ? -EINVAL : rw_vector_call(arg, true, &at);
}

enum { ADVICES = 6 }; /* POSIX_FADV_NORMAL to POSIX_FADV_NOREUSE */

/* Checks the arguments; the page cache ignores advice. */
static s32 accept_advice(u32 fd, u32 advice)
{
	struct file *f = file_get(fd);
	bool stream = f && f->ops->stream;

	if (!f)
		return -EBADF;
	file_put(f);
	if (stream)
		return -ESPIPE;
	return advice < ADVICES ? 0 : -EINVAL;
}

SYSCALL(fadvise64) { return accept_advice(arg[0], arg[4]); }
SYSCALL(fadvise64_64) { return accept_advice(arg[0], arg[5]); }

/*
 * Reads the pages of N bytes at POS into the page cache, at most as many as half of the free frames. => 0, -EINVAL,
 * -EIO, -EINTR
 */
static s32 read_ahead(struct file *f, u64 pos, u32 n)
{
	struct memobj *obj = file_memobj(f);
	u32 page = pos >> PAGE_SHIFT, end;
	s32 r = 0;

	if (!obj)
		return -EINVAL;
	end = page + MIN(DIV_UP(n, PAGE_SIZE), frame_count(FRAME_FREE) / 2);
	for (; r == 0 && page < MIN(end, obj->npages); page++) {
		struct frame *frame;

		r = memobj_get_pinned(obj, page, false, &frame);
		if (r == 0)
			frame_unpin(frame);
	}
	return r == -ENXIO ? 0 : r;
}

SYSCALL(readahead)
{
	u64 pos = (u64)arg[2] << 32 | arg[1];
	struct file *f = file_get(arg[0]);
	s32 r;

	if (!f)
		return -EBADF;
	r = file_readable(f) ? read_ahead(f, pos, arg[3]) : -EBADF;
	file_put(f);
	return r;
}

/* => 0, -EOPNOTSUPP, -EINVAL, in the order in which Linux checks a mode before it calls the file system */
static s32 check_mode(u32 mode)
{
	enum { COLLAPSE = 0x08, ZERO = 0x10, INSERT = 0x20, UNSHARE = 0x40 };
	const u32 keep = FALLOC_KEEP_SIZE, punch = FALLOC_PUNCH_HOLE;

	if (mode & ~(keep | punch | COLLAPSE | ZERO | INSERT | UNSHARE))
		return -EOPNOTSUPP;
	if ((mode & punch) && ((mode & ZERO) || !(mode & keep)))
		return -EOPNOTSUPP;
	if (((mode & COLLAPSE) && mode != COLLAPSE) || ((mode & INSERT) && mode != INSERT))
		return -EINVAL;
	return (mode & UNSHARE) && (mode & ~(UNSHARE | keep)) ? -EINVAL : 0;
}

static s32 allocate(struct file *f, u32 mode, u64 offset, u64 length)
{
	struct inode *inode = f->inode;
	u64 end = offset + length;
	s32 r = check_mode(mode);

	if ((s64)offset < 0 || (s64)length <= 0)
		return -EINVAL;
	if (r < 0)
		return r;
	if (!file_writable(f))
		return -EBADF;
	if (inode_is(inode, S_IFIFO))
		return -ESPIPE;
	if (!inode_is(inode, S_IFREG))
		return -ENODEV;
	if (end > (u64)UINT32_MAX << PAGE_SHIFT) /* page numbers have 32 bits */
		return -EFBIG;
	if (!inode->ops->allocate || (mode & ~(FALLOC_KEEP_SIZE | FALLOC_PUNCH_HOLE)))
		return -EOPNOTSUPP;
	r = !(mode & FALLOC_PUNCH_HOLE) && end > inode->size ? size_limit_check(end) : 0;
	if (r == 0)
		r = sleeplock_take(&inode->write_lock);
	if (r < 0)
		return r;
	r = inode->ops->allocate(inode, mode, offset, length);
	sleeplock_release(&inode->write_lock);
	return r;
}

SYSCALL(fallocate)
{
	u64 offset = (u64)arg[3] << 32 | arg[2], length = (u64)arg[5] << 32 | arg[4];
	struct file *f;
	s32 r;

	f = file_get(arg[0]);
	if (!f)
		return -EBADF;
	r = allocate(f, arg[1], offset, length);
	file_put(f);
	return r;
}
