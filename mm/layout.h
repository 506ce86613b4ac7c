/*
 * The memory map, annotated: every address constant of the kernel stands here; linker.ld is asserted against it.
 *
 *   0xFFFFFFFF ┐
 *              │  unused
 *   0xF9000000 ┤  KSTACK_END
 *              │  kernel stacks: 4 KiB mappings, two frames and an unmapped guard each
 *   0xF8000000 ┤  KSTACK_BASE = DIRECT_END
 *              │  direct map: physical address p stands at p + 0xC0000000; 4 MiB global pages
 *              │    0xC0100000  the kernel's image, then modules, frame table, everything else
 *   0xC0000000 ┤  KERNEL_BASE = USER_END
 *              │  user stack (grows down from USER_STACK_TOP)
 *              │  room for the stack to grow into: 128 MiB, or more if its limit is higher (layout_mmap_top())
 *              │  mappings, placed top-down
 *              │  heap (brk), grows up
 *              │  program: 0x08048000 by custom
 *   0x00010000 ┤  USER_START: below it nothing may be mapped, so that a null pointer faults
 *   0x00000000 ┘
 *
 * Sources: [SDM3] "Paging"; the i386 System V ABI for 0x08048000.
 */
#pragma once

#include "kernel/base/types.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096u
#define PAGE_MASK (PAGE_SIZE - 1)

#define LARGE_PAGE_SIZE 0x400000u

#define USER_START 0x00010000u
#define USER_END 0xC0000000u
#define USER_STACK_TOP 0xC0000000u
#define USER_STACK_LIMIT 0x00800000u   /* 8 MiB, as on Linux */
#define USER_STACK_GAP 0x00100000u     /* kept free between a stack and what lies below it */
#define USER_STACK_ROOM 0x08000000u    /* at least, so that a limit raised later has an effect, as on Linux */

#define KERNEL_BASE 0xC0000000u
#define KERNEL_LOAD 0x00100000u
#define DIRECT_END 0xF8000000u
#define DIRECT_MAX (DIRECT_END - KERNEL_BASE) /* RAM above this is not used */

#define KSTACK_BASE 0xF8000000u
#define KSTACK_SLOT (3 * PAGE_SIZE)    /* guard, then two frames */
#define KSTACK_SIZE (2 * PAGE_SIZE)
#define KSTACK_END 0xF9000000u
#define KSTACK_COUNT ((KSTACK_END - KSTACK_BASE) / KSTACK_SLOT)

/* => mmap_top of a new space with STACK_LIMIT; leaves at least a third of user space for mappings */
static inline vaddr_t layout_mmap_top(u32 stack_limit)
{
	u32 room = ALIGN_UP(MIN(stack_limit, USER_END / 3 * 2), PAGE_SIZE) + USER_STACK_GAP;

	return USER_STACK_TOP - MAX(room, USER_STACK_ROOM);
}

/* The host tests put an array of their own here. */
#ifndef DIRECT_MAP
#define DIRECT_MAP ((char *)KERNEL_BASE)
#endif

static inline void *paddr_to_ptr(paddr_t p)
{
	return DIRECT_MAP + p;
}

static inline paddr_t ptr_to_paddr(const void *v)
{
	return (paddr_t)((const char *)v - DIRECT_MAP);
}
