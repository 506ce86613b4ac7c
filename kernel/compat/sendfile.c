/*
 * sendfile: copies from a file to another file or into a pipe in one call.
 *
 * The operations of files move bytes from and to user memory. So this reads and writes in turn through a page that is
 * mapped into the caller's address space during the call: it saves system calls, but no copy. On a full pipe the call
 * waits only for its first piece; afterwards it returns what it has copied.
 *
 * Source: sendfile(2).
 */
#include "kernel/base/panic.h"
#include "kernel/fs/file.h"
#include "kernel/fs/syscalls.h"
#include "kernel/task/task.h"
#include "mm/mapcall.h"
#include "mm/usercopy.h"

static bool sendfile_is_full(struct file *out)
{
	return out->ops->ready && !(out->ops->ready(out) & FILE_WRITABLE);
}

/* Copies N bytes at *POS of IN, advancing *POS, through the page at BUF. => bytes copied, or an error if none were */
static s32 send_through(struct file *out, struct file *in, u64 *pos, u32 n, vaddr_t buf)
{
	u32 done = 0;
	s32 r = 0;

	while (done < n && !(done && sendfile_is_full(out))) {
		u64 from = *pos;
		s32 got = rw_piece(in, false, buf, MIN(n - done, PAGE_SIZE), &from);

		r = got > 0 ? rw_piece(out, true, buf, got, NULL) : got;
		if (r <= 0)
			break;
		done += r;
		*pos += r;
		if (thread_should_yield())
			thread_yield();
		if (r < got || thread_current()->killed || thread_current()->signalled)
			break;
	}
	return done ? (s32)done : r;
}

static s32 sendfile_send(struct file *out, struct file *in, u64 *pos, u32 n)
{
	struct addrspace *as = task_current()->as;
	s32 buf, sent, error;

	if (!file_readable(in) || !file_writable(out))
		return -EBADF;
	if (in->ops->stream || inode_is(in->inode, S_IFDIR) || (out->flags & O_APPEND) || (s64)*pos < 0)
		return -EINVAL;
	buf = mapcall_mmap(as, 0, PAGE_SIZE, REGION_READ | REGION_WRITE, REGION_READ | REGION_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, NULL, 0);
	if ((u32)buf > (u32)-4096)
		return buf;
	sent = send_through(out, in, pos, MIN(n, RW_MAX), buf);
	error = mapcall_munmap(as, buf, PAGE_SIZE);
	ASSERT_CMP(error, ==, 0); /* a whole region: it has an object of its own, so it is not merged with another */
	return sent;
}

/* Copies from the offset of WIDTH bytes at user address AT; AT 0: from IN's own position. */
static s32 send_from(struct file *out, struct file *in, vaddr_t at, u32 width, u32 n)
{
	u64 pos = 0;
	s32 sent;

	if (!at)
		return sendfile_send(out, in, &in->pos, n);
	if (in->ops->stream)
		return -ESPIPE;
	if (usercopy_in(&pos, at, width))
		return -EFAULT;
	if (width == sizeof(s32))
		pos = (s64)(s32)pos;
	sent = sendfile_send(out, in, &pos, n);
	return usercopy_out(at, &pos, width) ? -EFAULT : sent;
}

static s32 send_call(const u32 *arg, u32 width)
{
	struct file *out = file_get(arg[0]), *in = file_get(arg[1]);
	s32 r = out && in ? send_from(out, in, arg[2], width, arg[3]) : -EBADF;

	if (out)
		file_put(out);
	if (in)
		file_put(in);
	return r;
}

SYSCALL(sendfile) { return send_call(arg, sizeof(s32)); }
SYSCALL(sendfile64) { return send_call(arg, sizeof(s64)); }
