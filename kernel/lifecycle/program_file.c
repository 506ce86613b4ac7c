/*
 * Reading a program's file through its page cache: the pages read here need not be read again when the file is mapped.
 */
#include "kernel/lifecycle/program_file.h"

#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "mm/memobj.h"
#include "mm/mm.h"

int program_file_read(struct memobj *obj, u64 size, u32 offset, void *to, u32 n)
{
	char *dst = to;

	if (offset > size || n > size - offset)
		return -ENOEXEC;
	while (n) {
		u32 within = offset & PAGE_MASK, step = MIN(n, PAGE_SIZE - within);
		struct frame *f;
		int error = memobj_get_pinned(obj, offset >> PAGE_SHIFT, false, &f);

		if (error)
			return error;
		memcpy(dst, (char *)frame_ptr(f) + within, step);
		frame_unpin(f);
		dst += step;
		offset += step;
		n -= step;
	}
	return 0;
}
