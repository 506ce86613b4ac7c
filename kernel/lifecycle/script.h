/* Scripts: files whose first line, "#!INTERPRETER [ARGUMENT]", names the program that is to read them. */
#pragma once

#include "kernel/base/types.h"

struct arguments;
struct memobj;

/*
 * If OBJ, a file of SIZE bytes at PATH, is a script: in place of its first argument S gets the interpreter, what is
 * behind that in the line if there is something, and PATH.
 * => 1: so it was, 0: it is no script, -ENOEXEC (the line names nobody), -E2BIG, -ENOMEM, -EIO, -EINTR; unless it is 1,
 * S is as before; may sleep
 */
int script_take(struct memobj *obj, u64 size, const char *path, struct arguments *s) MUST_CHECK;
