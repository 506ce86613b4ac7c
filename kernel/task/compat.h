/*
 * What kernel/compat adds, for programs that were not written for this kernel, in one table. In a kernel that was linked
 * without that folder (`make core`) it is not there: ask for its address first.
 */
#pragma once

#include "kernel/cpu/syscall.h"

struct compat_ops {
	/* By number, below SYSCALL_NUMBERS; NULL: no such call. */
	const syscall_fn *calls;
	/* The current task is about to give up its program's memory, at exit and exec. May sleep. */
	void (*leave_program)(void);
};
extern const struct compat_ops compat_ops __attribute__((weak));
