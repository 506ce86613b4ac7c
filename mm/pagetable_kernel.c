/*
 * The kernel's part of the address space, the same in every page directory: the direct map of all memory, and the stacks of
 * threads, each with an unmapped page below it.
 *
 * Its directory entries are written once, before the first address space exists, and copied into each new directory. So
 * stacks come and go in tables that all directories share. Its entries are global: a load of CR3 does not flush them.
 */
#include "mm/pagetable.h"

#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "mm/frame.h"

#define FIRST_PAGES (LARGE_PAGE_SIZE / PAGE_SIZE)

extern const char kernel_start[], kernel_rodata_end[];

struct pagetable pagetable_kernel;

static u32 *new_kernel_table(void)
{
	struct frame *f = frame_alloc_zeroed(FRAME_KERNEL, 0, FRAME_FOR_DAEMON);

	if (!f)
		panic("no frame for the kernel's page tables");
	return frame_ptr(f);
}

/* The first 4 MiB by single pages, so that the kernel's text and constants can be read-only. */
static u32 *first_table(void)
{
	u32 *table = new_kernel_table();

	for (u32 i = 0; i < FIRST_PAGES; i++) {
		vaddr_t va = KERNEL_BASE + i * PAGE_SIZE;
		bool constant = va >= (vaddr_t)(uintptr_t)kernel_start &&
			    va < (vaddr_t)(uintptr_t)kernel_rodata_end;

		table[i] = (i * PAGE_SIZE) | PTE_P | PTE_G | (constant ? 0 : PTE_W);
	}
	return table;
}

void pagetable_init(void)
{
	u32 *directory = new_kernel_table();
	u32 ram = frame_total() * PAGE_SIZE;

	directory[pte_directory_index(KERNEL_BASE)] = ptr_to_paddr(first_table()) | PTE_P | PTE_W;
	for (paddr_t p = LARGE_PAGE_SIZE; p < ram; p += LARGE_PAGE_SIZE)
		directory[pte_directory_index(KERNEL_BASE + p)] = p | PTE_P | PTE_W | PDE_PS | PTE_G;
	for (vaddr_t va = KSTACK_BASE; va < KSTACK_END; va += LARGE_PAGE_SIZE)
		directory[pte_directory_index(va)] = ptr_to_paddr(new_kernel_table()) | PTE_P | PTE_W;

	pagetable_kernel.directory = directory;
	pagetable_kernel.cr3 = ptr_to_paddr(directory);
	cpu_set_cr3(pagetable_kernel.cr3);
}

static pte_t *kernel_entry(vaddr_t va)
{
	u32 entry = pagetable_kernel.directory[pte_directory_index(va)];

	ASSERT(va >= KSTACK_BASE && va < KSTACK_END);
	return (pte_t *)paddr_to_ptr(entry & PTE_ADDR) + pte_table_index(va);
}

void pagetable_map_kernel(vaddr_t va, struct frame *f)
{
	ASSERT_CMP(*kernel_entry(va), ==, 0);
	*kernel_entry(va) = (frame_index(f) << PAGE_SHIFT) | PTE_P | PTE_W | PTE_G;
}

struct frame *pagetable_unmap_kernel(vaddr_t va)
{
	pte_t *entry = kernel_entry(va);
	struct frame *f = frame_at(*entry >> PAGE_SHIFT);

	ASSERT(*entry & PTE_P);
	*entry = 0;
	cpu_invlpg(va);
	return f;
}
