/* What the files of programs hold, read for the kernel's own use. */
#pragma once

#include "kernel/base/types.h"

struct memobj;

/*
 * Copies N bytes from OFFSET on of OBJ, a file of SIZE bytes.
 * => 0, -ENOEXEC (it ends before that), -EIO, -EINTR; after an error TO may hold a part; may sleep
 */
int program_file_read(struct memobj *obj, u64 size, u32 offset, void *to, u32 n) MUST_CHECK;
