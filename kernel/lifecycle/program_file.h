/* Reads the headers of a program's file into kernel memory. */
#pragma once

#include "kernel/base/types.h"

struct memobj;

/*
 * Copies N bytes at OFFSET of OBJ, a file of SIZE bytes, to TO.
 * => 0; -ENOEXEC: the file is too short, -EIO, -EINTR: part of TO may have been written; sleeps
 */
int program_file_read(struct memobj *obj, u64 size, u32 offset, void *to, u32 n) MUST_CHECK;
