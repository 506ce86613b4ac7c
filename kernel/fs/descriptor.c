/*
 * The system calls on descriptors: close, dup, fcntl, ioctl, flock, lseek, sync, fsync.
 */
#include "kernel/fs/file.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/flock.h"
#include "kernel/fs/memfd.h"
#include "kernel/fs/memfile.h"
#include "kernel/fs/path.h"
#include "kernel/fs/pipe.h"
#include "kernel/fs/record_lock.h"
#include "kernel/fs/syscalls.h"
#include "kernel/task/limit.h"
#include "mm/memobj.h"
#include "mm/usercopy.h"

enum { F_DUPFD = 0, F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4, F_DUPFD_CLOEXEC = 1030,
       F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032, F_ADD_SEALS = 1033, F_GET_SEALS = 1034, FD_CLOEXEC = 1 };

SYSCALL(close)
{
	return fs_context_close(fs_context_current(), arg[0]);
}

static s32 descriptor_dup(u32 fd, u32 from, bool cloexec)
{
	struct file *f = file_get_place(fd);
	int r;

	if (!f)
		return -EBADF;
	r = fs_context_install(fs_context_current(), f, from, cloexec);
	if (r < 0)
		file_put(f);
	return r;
}

SYSCALL(dup)
{
	return descriptor_dup(arg[0], 0, false);
}

static void descriptor_set_cloexec(struct fs_context *ctx, u32 fd, bool on)
{
	ctx->cloexec &= ~(1ull << fd);
	if (on)
		ctx->cloexec |= 1ull << fd;
}

s32 descriptor_dup_to(u32 fd, u32 to, bool cloexec)
{
	struct fs_context *ctx = fs_context_current();
	struct file *f;

	if (to >= limit_files())
		return -EBADF;
	f = file_get_place(fd);
	if (!f)
		return -EBADF;
	if (fd == to) {
		file_put(f);
		return to;
	}
	fs_context_close(ctx, to);
	ctx->files[to] = f;
	descriptor_set_cloexec(ctx, to, cloexec);
	return to;
}

SYSCALL(dup2)
{
	return descriptor_dup_to(arg[0], arg[1], false);
}

/* The commands of fcntl on the open file rather than the descriptor. May sleep. */
static s32 descriptor_control(struct file *f, u32 command, u32 argument)
{
	const u32 settable = O_APPEND | O_NONBLOCK | O_NOATIME;
	const u32 refused = O_DIRECT | (f->ops->stream ? O_ASYNC : 0);

	switch (command) {
	case F_SETFL:
		if (((argument ^ f->flags) & O_APPEND) && (f->inode->flags & INODE_APPEND))
			return -EPERM;
		if (argument & ~f->flags & refused)
			return -EINVAL;
		f->flags = (f->flags & ~settable) | (argument & settable);
		return 0;
	case F_SETPIPE_SZ:
		return pipe_set_size(f, argument);
	case F_GETPIPE_SZ:
		return pipe_size(f);
	case F_ADD_SEALS:
		return memfd_add_seals(f, argument);
	case F_GET_SEALS:
		return memfd_get_seals(f);
	default:
		return record_call(f, command, argument);
	}
}

SYSCALL(fcntl64)
{
	struct fs_context *ctx = fs_context_current();
	u32 fd = arg[0];
	struct file *f = fd < FS_FILES ? ctx->files[fd] : NULL;
	s32 r;

	if (!f)
		return -EBADF;
	switch (arg[1]) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return arg[2] >= limit_files() ? -EINVAL : descriptor_dup(fd, arg[2], arg[1] == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return ctx->cloexec >> fd & 1 ? FD_CLOEXEC : 0;
	case F_SETFD:
		descriptor_set_cloexec(ctx, fd, arg[2] & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return f->flags;
	default:
		break;
	}
	f = file_get(fd);
	if (!f)
		return -EBADF;
	r = descriptor_control(f, arg[1], arg[2]);
	file_put(f);
	return r;
}

SYSCALL(ioctl)
{
	struct file *f = file_get(arg[0]);
	s32 r;

	if (!f)
		return -EBADF;
	r = f->ops->ioctl ? f->ops->ioctl(f, arg[1], arg[2]) : -ENOTTY;
	file_put(f);
	return r;
}

/* flock(2) */
enum { LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8 };

SYSCALL(flock)
{
	u32 operation = arg[1] & ~LOCK_NB;
	struct file *f;
	s32 r = 0;

	if (operation != LOCK_SH && operation != LOCK_EX && operation != LOCK_UN)
		return -EINVAL;
	f = file_get(arg[0]);
	if (!f)
		return -EBADF;
	if (operation == LOCK_UN)
		flock_release(f);
	else
		r = flock_take(f, operation == LOCK_EX ? FILE_EXCLUSIVE : FILE_SHARED, !(arg[1] & LOCK_NB));
	file_put(f);
	return r;
}

/*
 * Moves F's position to the next data, or the next HOLE, at or after OFFSET. => 0; -ENXIO: there is none in the file;
 * -EINVAL
 */
static int descriptor_seek_contents(struct file *f, s64 offset, bool hole)
{
	u64 size = f->inode->size, next;

	if (!inode_is(f->inode, S_IFREG) || !f->inode->ops->memobj)
		return -EINVAL;
	if (offset < 0 || (u64)offset >= size)
		return -ENXIO;
	next = memfile_next(f->inode, offset, hole);
	if (next >= size && !hole)
		return -ENXIO;
	f->pos = MIN(next, size);
	return 0;
}

/* Moves F's position. => 0 or a negative error */
static int descriptor_seek(struct file *f, s64 offset, u32 whence)
{
	u64 base;
	int r;

	if (f->ops->stream)
		return -ESPIPE;
	if (whence == SEEK_DATA || whence == SEEK_HOLE)
		return descriptor_seek_contents(f, offset, whence == SEEK_HOLE);
	r = file_seek_base(f, whence, &base);
	if (r < 0)
		return r;
	/* A device has no positions: F's stays 0, as on Linux. */
	if (inode_is(f->inode, S_IFCHR))
		return 0;
	if ((s64)(base + (u64)offset) < 0)
		return -EINVAL;
	f->pos = base + (u64)offset;
	return 0;
}

SYSCALL(lseek)
{
	struct file *f = file_get(arg[0]);
	s32 r;

	if (!f)
		return -EBADF;
	r = descriptor_seek(f, (s32)arg[1], arg[2]);
	if (r == 0)
		r = f->pos > INT32_MAX ? -EOVERFLOW : (s32)f->pos;
	file_put(f);
	return r;
}

SYSCALL(_llseek)
{
	struct file *f = file_get(arg[0]);
	s32 r;

	if (!f)
		return -EBADF;
	r = descriptor_seek(f, (s64)((u64)arg[1] << 32 | arg[2]), arg[4]);
	if (r == 0)
		r = usercopy_out(arg[3], &f->pos, sizeof(f->pos));
	file_put(f);
	return r;
}

SYSCALL(sync)
{
	(void)arg;
	filesystem_sync();
	return 0;
}

SYSCALL(fsync)
{
	struct file *f = file_get(arg[0]);
	s32 r = 0;

	if (!f)
		return -EBADF;
	if (!inode_is(f->inode, S_IFREG) && !inode_is(f->inode, S_IFDIR))
		r = -EINVAL;
	else if (f->inode->ops->fsync)
		r = f->inode->ops->fsync(f->inode);
	file_put(f);
	return r;
}
