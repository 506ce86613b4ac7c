/*
 * Segments. Protection is by paging, so all segments are flat. The GDT only sets the ring that code
 * runs in, the kernel stack for traps from ring 3 (through the TSS), thread-local storage, and a
 * hardware task for the double fault.
 */
#pragma once

#include "kernel/base/types.h"

/* Selectors. trap.S repeats some; those of user mode contain the requested privilege level 3. */
#define GDT_KERNEL_CODE 0x08
#define GDT_KERNEL_DATA 0x10
#define GDT_USER_CODE 0x1b
#define GDT_USER_DATA 0x23
#define GDT_TSS 0x28
#define GDT_TLS 0x33 /* the first of THREAD_SEGMENTS that belong to the current thread */
#define GDT_DOUBLE_FAULT 0x48

void gdt_init(void);

struct thread;

/*
 * Makes T's kernel stack the one for traps from user mode, and loads T's own segments into the GDT. FS and GS become 0;
 * the user's selectors are loaded on the way back to user mode.
 */
void gdt_enter_thread(const struct thread *t);

/* => the descriptor of a data segment for user mode; LIMIT in pages or in bytes */
u64 gdt_data_segment(u32 base, u32 limit, bool in_pages, bool writable);
