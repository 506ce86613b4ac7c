/*
 * Walks the page tables at CR3 through the direct map. Entries that point beyond the direct map are
 * reported, not followed.
 *
 * Source: [SDM3] "32-Bit Paging", "Linear-Address Translation to a 4-KByte Page using 32-Bit
 * Paging".
 */
#include "kernel/base/pagewalk.h"

#include "kernel/base/cpu.h"
#include "kernel/base/printk.h"
#include "mm/pte.h"

static pte_t directory_entry(u32 va)
{
	const pte_t *directory = paddr_to_ptr(cpu_cr3() & PTE_ADDR);

	return directory[pte_directory_index(va)];
}

/* PDE must be present and point to a table within the direct map. */
static pte_t table_entry(pte_t pde, u32 va)
{
	const pte_t *table = paddr_to_ptr(pde & PTE_ADDR);

	return table[pte_table_index(va)];
}

bool pagewalk_present(u32 va)
{
	pte_t pde = directory_entry(va);

	if (!(pde & PTE_P) || (pde & PDE_PS))
		return pde & PTE_P;
	return (pde & PTE_ADDR) < DIRECT_MAX && (table_entry(pde, va) & PTE_P);
}

static void print_flags(pte_t entry)
{
	printk("%s, %s%s%s%s\n", entry & PTE_W ? "writable" : "read-only",
	       entry & PTE_U ? "user" : "kernel only", entry & PTE_A ? ", accessed" : "",
	       entry & PTE_D ? ", dirty" : "", entry & PTE_G ? ", global" : "");
}

void pagewalk_print(u32 va)
{
	pte_t pde = directory_entry(va), pte;

	printk("walk of %08x: directory at physical %08x\n", va, cpu_cr3() & PTE_ADDR);
	printk("  directory entry %u = %08x: ", pte_directory_index(va), pde);
	if (!(pde & PTE_P)) {
		printk("not present; there is no table\n");
		return;
	}
	if (pde & PDE_PS) {
		printk("4 MiB page at physical %08x, ", pde & ~(LARGE_PAGE_SIZE - 1));
		print_flags(pde);
		return;
	}
	printk("table at physical %08x, ", pde & PTE_ADDR);
	print_flags(pde);
	if ((pde & PTE_ADDR) >= DIRECT_MAX) {
		printk("  which lies beyond the memory in use\n");
		return;
	}
	pte = table_entry(pde, va);
	printk("  table entry %u = %08x: ", pte_table_index(va), pte);
	if (!(pte & PTE_P)) {
		printk("not present\n");
		return;
	}
	printk("frame at physical %08x, ", pte & PTE_ADDR);
	print_flags(pte);
}
