/* Running a program: a new address space built aside, then put in the place of the old. */
#pragma once

#include "kernel/base/types.h"

struct memobj;

/* Arguments and environment, copied out of the old space before it goes. */
struct exec_strings {
	struct frame *frames[16]; /* the strings one after another, each ended by NUL */
	u32 bytes, argc, envc;
};

void exec_strings_init(struct exec_strings *s);
void exec_strings_free(struct exec_strings *s);
/* Appends a kernel string to the arguments. => 0, -E2BIG, -ENOMEM */
int exec_strings_add(struct exec_strings *s, const char *text) MUST_CHECK;
/* Appends what OTHER, which has an argument, holds behind its first. => 0, -E2BIG, -ENOMEM */
int exec_strings_add_rest(struct exec_strings *s, const struct exec_strings *other) MUST_CHECK;

/*
 * The current task becomes the program in OBJ, a file of SIZE bytes called NAME. On success the task's trap frame
 * describes the new program's first instruction.
 * => 0 or a negative error with nothing changed; may sleep
 */
int exec_image(const char *name, struct memobj *obj, u64 size, const struct exec_strings *s) MUST_CHECK;

/*
 * As exec_image() with the file at PATH (a kernel string). If that is a script its interpreter is run, and S, whose first
 * argument is there, becomes the interpreter's arguments, after an error too.
 */
int exec_path(const char *path, struct exec_strings *s) MUST_CHECK;

/* The same with the user's arrays of strings at ARGV and ENVP, as execve(2). => also -EFAULT */
int exec_user(const char *path, vaddr_t argv, vaddr_t envp) MUST_CHECK;
