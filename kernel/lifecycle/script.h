/* Scripts: files whose first line, "#!INTERPRETER [ARGUMENT]", names the program that executes them. */
#pragma once

#include "kernel/base/types.h"

struct arguments;
struct memobj;

/*
 * If OBJ, a file of SIZE bytes at PATH, is a script: replaces the first argument in S by the interpreter, the argument
 * on the script's first line, if any, and PATH.
 * => 1: it is a script; 0: it is none; -ENOEXEC: the line names no interpreter, -E2BIG, -ENOMEM, -EIO, -EINTR. S
 * changes only if the result is 1. Sleeps.
 */
int script_take(struct memobj *obj, u64 size, const char *path, struct arguments *s) MUST_CHECK;
