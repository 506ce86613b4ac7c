/*
 * System calls: a table of functions by Linux i386 number.
 *
 * A call's function gets a pointer to its six arguments (ebx ecx edx esi edi ebp in the trap frame) and returns the
 * result or a negative error number. It runs on the task's kernel stack and may sleep.
 */
#pragma once

#include "kernel/base/errno.h"
#include "kernel/base/types.h"

typedef s32 (*syscall_fn)(const u32 *arg);

#define SYSCALL_NUMBERS 512 /* all numbers are below this */

#define SYSCALL(name) s32 sys_##name(const u32 *arg)

struct trapframe;
void syscall_dispatch(struct trapframe *tf);

extern u32 syscall_count; /* calls since boot; defined in trap.c */

/*
 * Internal results of an interrupted call; the program never sees them (signal/deliver.c). If no handler runs, the call
 * is restarted. After a handler it returns -EINTR, except that ERESTART restarts it if the handler has SA_RESTART.
 */
enum { ERESTART = 512, ERESTART_NO_HANDLER = 514 };
