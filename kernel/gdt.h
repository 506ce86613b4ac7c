/*
 * Segments. Paging does the protecting, so all segments are flat; what remains is which ring code
 * runs in, where the kernel's stack begins when a trap leaves ring 3, and a task of its own for the
 * double fault.
 */
#pragma once

#include "kernel/base/types.h"

/* trap.S knows these numbers too; the user's carry the requested privilege level 3. */
#define GDT_KERNEL_CODE 0x08
#define GDT_KERNEL_DATA 0x10
#define GDT_USER_CODE 0x1b
#define GDT_USER_DATA 0x23
#define GDT_TSS 0x28
#define GDT_TLS 0x33
#define GDT_DOUBLE_FAULT 0x38

void gdt_init(void);

/* Where the kernel's stack begins at the next trap from user mode: just below TOP. */
void gdt_set_kernel_stack(void *top);
