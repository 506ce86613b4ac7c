/*
 * System calls: a table of functions by Linux i386 number.
 *
 * A handler gets a pointer to its six arguments (ebx ecx edx esi edi ebp in the trap frame) and returns the result
 * or a negative error number. Handlers run on the task's kernel stack and may sleep.
 */
#pragma once

#include "kernel/base/errno.h"
#include "kernel/base/types.h"

typedef s32 (*syscall_fn)(const u32 *arg);

#define SYSCALL_NUMBERS 512 /* they are below this */

#define SYSCALL(name) s32 sys_##name(const u32 *arg)

struct trapframe;
void syscall_dispatch(struct trapframe *tf);

extern u32 syscall_count; /* calls since boot; defined in trap.c */

/*
 * Internal results of an interrupted call, which signal/deliver.c turns into what the program sees. Without a handler the
 * call is made again; after one it returns -EINTR, but for ERESTART if the handler has SA_RESTART.
 */
enum { ERESTART = 512, ERESTART_NO_HANDLER = 514 };
