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
#define GDT_TLS 0x33 /* the first of THREAD_SEGMENTS that belong to the task that runs */
#define GDT_DOUBLE_FAULT 0x48

void gdt_init(void);

struct thread;

/*
 * T runs from now on: its kernel stack, where the next trap from user mode begins, and its own segments. FS and GS are 0
 * then; its user's are loaded on the way back to user mode.
 */
void gdt_enter_thread(const struct thread *t);

/* => a descriptor of a user's data segment, with LIMIT in pages or in bytes */
u64 gdt_data_segment(u32 base, u32 limit, bool in_pages, bool writable);
