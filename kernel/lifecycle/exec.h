/* Running a program: a new address space is built, and then replaces that of the current task. */
#pragma once

#include "kernel/base/types.h"

struct arguments;
struct memobj;

/*
 * The current task runs the program in OBJ, a file of SIZE bytes, as NAME with the strings S. On success its trap frame
 * describes the program's first instruction.
 * => 0; or a negative error: nothing has changed; sleeps
 */
int exec_image(const char *name, struct memobj *obj, u64 size, const struct arguments *s) MUST_CHECK;

/*
 * As exec_image() for the file at PATH, a kernel string. If it is a script, its interpreter is run, and S, which has an
 * argument, becomes the interpreter's arguments, even if an error follows.
 */
int exec_path(const char *path, struct arguments *s) MUST_CHECK;

/* As exec_path() with the user's arrays of strings at ARGV and ENVP: execve(2). => also -EFAULT */
int exec_user(const char *path, vaddr_t argv, vaddr_t envp) MUST_CHECK;
