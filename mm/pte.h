/* Facts of i386 paging. [SDM3] "32-Bit Paging", tables "Format of a 32-Bit Page-Directory Entry ..." and the rest. */
#pragma once

#include "mm/layout.h"

typedef u32 pte_t;

#define PTE_P 0x001u   /* present */
#define PTE_W 0x002u   /* writable */
#define PTE_U 0x004u   /* user may use it */
#define PTE_A 0x020u   /* accessed: set by the processor, cleared by us */
#define PTE_D 0x040u   /* dirty: set by the processor at the first write */
#define PDE_PS 0x080u  /* in a directory entry: a 4 MiB page */
#define PTE_G 0x100u   /* global: survives a load of CR3 */
#define PTE_ADDR 0xFFFFF000u

/* A page fault's error code. [SDM3] "Page-Fault Exceptions" */
#define PF_PRESENT 0x1u /* 0: not present, 1: a protection violation */
#define PF_WRITE 0x2u
#define PF_USER 0x4u

static inline u32 pte_directory_index(vaddr_t va)
{
	return va >> 22;
}

static inline u32 pte_table_index(vaddr_t va)
{
	return (va >> PAGE_SHIFT) & 1023;
}
