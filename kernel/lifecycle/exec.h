/* Running a program: a new address space built aside, then put in the place of the old. */
#pragma once

#include "kernel/base/types.h"

struct arguments;
struct memobj;

/*
 * The current task becomes the program in OBJ, a file of SIZE bytes called NAME. On success the task's trap frame
 * describes the new program's first instruction.
 * => 0 or a negative error with nothing changed; may sleep
 */
int exec_image(const char *name, struct memobj *obj, u64 size, const struct arguments *s) MUST_CHECK;

/*
 * As exec_image() with the file at PATH (a kernel string). If that is a script its interpreter is run, and S, whose first
 * argument is there, becomes the interpreter's arguments, after an error too.
 */
int exec_path(const char *path, struct arguments *s) MUST_CHECK;

/* The same with the user's arrays of strings at ARGV and ENVP, as execve(2). => also -EFAULT */
int exec_user(const char *path, vaddr_t argv, vaddr_t envp) MUST_CHECK;
