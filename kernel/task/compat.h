/*
 * The interface to kernel/compat, which holds the system calls that only programs from elsewhere use. A kernel that is
 * linked without that folder (`make core`) has no such table: test `&compat_ops` before use.
 */
#pragma once

#include "kernel/cpu/syscall.h"

struct compat_ops {
	/* SYSCALL_NUMBERS functions by number; NULL: no such call. */
	const syscall_fn *calls;
	/* The current task is about to leave its program's address space, at exit or exec. May sleep. */
	void (*leave_program)(void);
};
extern const struct compat_ops compat_ops __attribute__((weak));
