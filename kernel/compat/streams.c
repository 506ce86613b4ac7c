/*
 * Calls on open files that C libraries and tools use instead of the plain ones.
 *
 * Sources: pipe2(2), dup3(2), sendfile(2), posix_fadvise(2), fallocate(2).
 */
#include "kernel/fs/alloc.h"
#include "kernel/fs/file.h"
#include "kernel/fs/syscalls.h"
#include "mm/kmalloc.h"
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

/* Programs that are told this use read and write instead; nothing would be saved here. */
static s32 sendfile_refused(const u32 *arg)
{
	struct file *out = file_get(arg[0]), *in = file_get(arg[1]);
	s32 r = out && in ? -EINVAL : -EBADF;

	if (out)
		file_put(out);
	if (in)
		file_put(in);
	return r;
}

SYSCALL(sendfile) { return sendfile_refused(arg); }
SYSCALL(sendfile64) { return sendfile_refused(arg); }

static s32 accept_advice(u32 fd)
{
	struct file *f = file_get(fd);
	s32 r = f ? f->ops->stream ? -ESPIPE : 0 : -EBADF;

	if (f)
		file_put(f);
	return r;
}

/* The page cache knows best. */
SYSCALL(fadvise64)
{
	return accept_advice(arg[0]);
}

/* Only the size: blocks come when the pages are stored to. */
static s32 extend(struct file *f, u32 mode, u64 end)
{
	if (mode)
		return -EOPNOTSUPP;
	if (!inode_is(f->inode, S_IFREG) || !f->inode->ops->resize)
		return -ENODEV;
	if (!file_writable(f))
		return -EBADF;
	return end > f->inode->size ? open_resize(f->inode, end) : 0;
}

SYSCALL(fallocate)
{
	u64 offset = (u64)arg[3] << 32 | arg[2], length = (u64)arg[5] << 32 | arg[4];
	struct file *f;
	s32 r;

	if ((s64)offset < 0 || (s64)length <= 0)
		return -EINVAL;
	f = file_get(arg[0]);
	if (!f)
		return -EBADF;
	r = (s64)(offset + length) < 0 ? -EFBIG : extend(f, arg[1], offset + length);
	file_put(f);
	return r;
}
