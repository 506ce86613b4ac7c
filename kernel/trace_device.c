/*
 * /dev/trace: programs write lines of their own to the trace, and read its ring.
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/trace.h"
#include "mm/usercopy.h"

/* Lines that programs add to the trace; one that is too long becomes several. */
static s32 trace_device_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	char line[TRACE_LINE_MAX + 1], *end;
	u32 done = 0;

	(void)f, (void)pos;
	while (done < n) {
		u32 piece = MIN(n - done, TRACE_LINE_MAX);

		if (usercopy_in(line, src + done, piece) < 0)
			return done ? (s32)done : -EFAULT;
		line[piece] = '\0';
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		trace_user_line(line);
		done += end ? (u32)(end - line) + 1 : piece;
	}
	return n;
}

/* The lines of the trace's ring, each once; 0 when there are no more. */
static s32 trace_device_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	char piece[128];
	u32 done = 0, got;

	(void)f, (void)pos;
	while (done < n && (got = trace_read(piece, MIN(n - done, sizeof(piece))))) {
		if (usercopy_out(dst + done, piece, got))
			return done ? (s32)done : -EFAULT;
		done += got;
	}
	return done;
}

const struct file_ops trace_device_ops = { .read = trace_device_read, .write = trace_device_write };
