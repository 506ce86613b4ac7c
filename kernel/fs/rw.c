/*
 * The system calls that move bytes: read, write and their relatives.
 *
 * Checks come in Linux's order: descriptor, access mode, address range, position.
 */
#include "kernel/fs/file.h"
#include "kernel/fs/size_limit.h"
#include "kernel/fs/syscalls.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/usercopy.h"

#define RW_VECTORS_MAX 1024

struct rw_vector {
	u32 base, length;
};

/* => 0, or why N bytes of F cannot be read to (written from) user address BUF */
static inline int rw_check(const struct file *f, bool write, vaddr_t buf, u32 n)
{
	if (write ? !file_writable(f) : !file_readable(f))
		return -EBADF;
	if (inode_is(f->inode, S_IFDIR))
		return -EISDIR;
	if (write ? !f->ops->write : !f->ops->read)
		return -EINVAL;
	if (buf > USER_END || n > USER_END - buf)
		return -EFAULT;
	return (s32)n < 0 ? -EINVAL : 0;
}

/* N > 0 bytes to a regular file; *POS is where they went, the end if F is to append. */
static s32 rw_write_regular(struct file *f, vaddr_t src, u32 n, u64 *pos)
{
	s32 r = sleeplock_take(&f->inode->write_lock);

	if (r < 0)
		return r;
	if (f->flags & O_APPEND)
		*pos = f->inode->size;
	r = size_limit_cut(*pos, &n);
	if (r == 0)
		r = f->ops->write(f, src, n, *pos);
	sleeplock_release(&f->inode->write_lock);
	return r;
}

/* One piece at *POS, already checked. */
static s32 rw_move(struct file *f, bool write, vaddr_t buf, u32 n, u64 *pos)
{
	n = MIN(n, RW_MAX);
	if (*pos + n > INT64_MAX)
		n = INT64_MAX - *pos;
	if (!n)
		return 0;
	if (!write)
		return f->ops->read(f, buf, n, *pos);
	if (inode_is(f->inode, S_IFREG))
		return rw_write_regular(f, buf, n, pos);
	return f->ops->write(f, buf, n, *pos);
}

/* The same at the file's own position, which is advanced. (Not inlined: a stream would save its registers too.) */
static __attribute__((noinline)) s32 rw_advance(struct file *f, bool write, vaddr_t buf, u32 n)
{
	s32 r = sleeplock_take(&f->pos_lock);
	u64 pos;

	if (r < 0)
		return r;
	pos = f->pos;
	r = rw_move(f, write, buf, n, &pos);
	if (r > 0)
		f->pos = pos + r;
	sleeplock_release(&f->pos_lock);
	return r;
}

/* => bytes moved at the file's own position, if it has one, or an error */
static inline s32 rw_here(struct file *f, bool write, vaddr_t buf, u32 n)
{
	s32 r = rw_check(f, write, buf, n);

	if (r < 0)
		return r;
	if (!f->ops->stream)
		return rw_advance(f, write, buf, n);
	return n ? (write ? f->ops->write : f->ops->read)(f, buf, MIN(n, RW_MAX), 0) : 0;
}

s32 rw_piece(struct file *f, bool write, vaddr_t buf, u32 n, u64 *at)
{
	u64 pos;
	s32 r;

	if (!at)
		return rw_here(f, write, buf, n);
	pos = *at;
	r = f->ops->stream ? -ESPIPE : rw_check(f, write, buf, n);
	if (r == 0)
		r = rw_move(f, write, buf, n, &pos);
	if (r > 0)
		*at += r;
	return r;
}

/* Inlined: in read and in write, WRITE and the absence of AT are known. */
static inline __attribute__((always_inline)) s32 rw_call(const u32 *arg, bool write, u64 *at)
{
	struct file *f = file_get(arg[0]);
	s32 r;

	if (!f)
		return -EBADF;
	r = at ? rw_piece(f, write, arg[1], arg[2], at) : rw_here(f, write, arg[1], arg[2]);
	file_put(f);
	return r;
}

SYSCALL(read)
{
	return rw_call(arg, false, NULL);
}

SYSCALL(write)
{
	return rw_call(arg, true, NULL);
}

static s32 rw_at(const u32 *arg, bool write)
{
	u64 pos = (u64)arg[4] << 32 | arg[3];

	return (s64)pos < 0 ? -EINVAL : rw_call(arg, write, &pos);
}

SYSCALL(pread64)
{
	return rw_at(arg, false);
}

SYSCALL(pwrite64)
{
	return rw_at(arg, true);
}

/* => the sum of the lengths of COUNT vectors at user address VECTORS, or -EFAULT, -EINVAL */
static s32 rw_vectors_total(vaddr_t vectors, u32 count)
{
	u32 total = 0;
	struct rw_vector v;

	for (u32 i = 0; i < count; i++) {
		if (usercopy_in(&v, vectors + i * sizeof(v), sizeof(v)) < 0)
			return -EFAULT;
		if ((s32)v.length < 0)
			return -EINVAL;
		if (v.base > USER_END || v.length > USER_END - v.base)
			return -EFAULT;
		total += MIN(v.length, RW_MAX - total);
	}
	return total;
}

/* Would a reader of F, if that is a stream, have to wait now? */
static bool rw_would_wait(struct file *f)
{
	return f->ops->stream && f->ops->ready && !(f->ops->ready(f) & FILE_READABLE);
}

/*
 * Copies all vectors of a writer, TOTAL bytes, into one piece first, so that no other writer's bytes come between them,
 * and nothing is written if one of them cannot be read.
 */
static s32 rw_gather(struct file *f, vaddr_t vectors, u32 count, u32 total)
{
	u8 *piece = kmalloc_wait(total);
	struct rw_vector v;
	u32 n = 0;
	s32 r = piece ? 0 : -ENOMEM;

	for (u32 i = 0; i < count && r == 0; i++) {
		r = usercopy_in(&v, vectors + i * sizeof(v), sizeof(v));
		if (r < 0)
			break;
		v.length = MIN(v.length, total - n); /* another thread may have changed the vectors */
		r = usercopy_in(piece + n, v.base, v.length);
		n += v.length;
	}
	if (r == 0)
		r = f->ops->write_piece(f, piece, n);
	kfree(piece);
	return r;
}

/* Moves the vectors in order, until one is not moved completely. */
static s32 rw_vectors(struct file *f, bool write, vaddr_t vectors, u32 count, u64 *at)
{
	struct rw_vector v;
	u32 moved = 0;
	s32 r = 0;

	for (u32 i = 0; i < count; i++) {
		if (usercopy_in(&v, vectors + i * sizeof(v), sizeof(v)) < 0)
			return moved ? (s32)moved : -EFAULT;
		if (!v.length)
			continue;
		if (moved && !write && rw_would_wait(f))
			break; /* return what has been read instead of waiting */
		r = rw_piece(f, write, v.base, MIN(v.length, RW_MAX - moved), at);
		if (r < 0)
			return moved ? (s32)moved : r;
		moved += r;
		if ((u32)r < v.length)
			break;
	}
	return moved;
}

s32 rw_vector_call(const u32 *arg, bool write, u64 *at)
{
	struct file *f;
	s32 r;

	f = file_get(arg[0]);
	if (!f)
		return -EBADF;
	r = at && f->ops->stream ? -ESPIPE : rw_check(f, write, 0, 0);
	if (r == 0 && arg[2] > RW_VECTORS_MAX)
		r = -EINVAL;
	if (r == 0)
		r = rw_vectors_total(arg[1], arg[2]);
	if (r > 0 && r <= (s32)FILE_PIECE && write && f->ops->write_piece)
		r = rw_gather(f, arg[1], arg[2], r);
	else if (r > 0)
		r = rw_vectors(f, write, arg[1], arg[2], at);
	file_put(f);
	return r;
}

SYSCALL(readv)
{
	return rw_vector_call(arg, false, NULL);
}

SYSCALL(writev)
{
	return rw_vector_call(arg, true, NULL);
}
