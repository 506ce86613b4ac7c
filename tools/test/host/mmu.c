/*
 * The processor's translation, modelled: two-level tables in RAM, accessed and dirty bits, and a TLB that remembers what
 * it has seen until it is flushed. A store through an entry cached as clean writes the dirty bit to the table,
 * as [SDM3] "Accessed and Dirty Flags" says; a cached translation is used though the table has changed meanwhile.
 */
#include "host.h"
#include "kernel/base/cpu.h"
#include "mm/addrspace.h"
#include "mm/fault.h"
#include "mm/pte.h"

#define CACHED 64u /* power of two: direct-mapped by page number */

static struct {
	bool valid;
	vaddr_t page;
	pte_t entry;
} tlb[CACHED];
static u32 cr3;

const char kernel_start[1], kernel_rodata_end[1];

u32 cpu_cr3(void)
{
	return cr3;
}

void cpu_set_cr3(u32 v)
{
	cr3 = v;
	memset(tlb, 0, sizeof(tlb));
}

void cpu_invlpg(vaddr_t va)
{
	if (tlb[va >> PAGE_SHIFT & (CACHED - 1)].page == ALIGN_DOWN(va, PAGE_SIZE))
		tlb[va >> PAGE_SHIFT & (CACHED - 1)].valid = false;
}

/* => where VA's entry stands in RAM; NULL if there is no table */
static pte_t *walk(vaddr_t va)
{
	pte_t *directory = paddr_to_ptr(cr3), entry;

	entry = directory[pte_directory_index(va)];
	if (!(entry & PTE_P))
		return NULL;
	return (pte_t *)paddr_to_ptr(entry & PTE_ADDR) + pte_table_index(va);
}

static bool permits(pte_t entry, bool write, bool user)
{
	return (entry & PTE_P) && (!user || (entry & PTE_U)) && (!write || (entry & PTE_W));
}

u32 *host_access(vaddr_t va, bool write, bool user, u32 *error)
{
	u32 place = va >> PAGE_SHIFT & (CACHED - 1);
	bool hit = tlb[place].valid && tlb[place].page == ALIGN_DOWN(va, PAGE_SIZE);
	pte_t *in_table = walk(va);
	pte_t entry = hit ? tlb[place].entry : in_table ? *in_table : 0;

	if (!permits(entry, write, user)) {
		tlb[place].valid = false; /* a fault drops what was cached of the page */
		*error = (entry & PTE_P ? PF_PRESENT : 0) | (write ? PF_WRITE : 0) | (user ? PF_USER : 0);
		return NULL;
	}
	if (!hit || (write && !(entry & PTE_D))) {
		entry |= PTE_A | (write ? PTE_D : 0);
		if (in_table && (*in_table & PTE_P))
			*in_table |= PTE_A | (write ? PTE_D : 0);
		tlb[place].valid = true;
		tlb[place].page = ALIGN_DOWN(va, PAGE_SIZE);
		tlb[place].entry = entry;
	}
	return (u32 *)((char *)paddr_to_ptr(entry & PTE_ADDR) + (va & PAGE_MASK));
}

void host_enter(struct addrspace *as)
{
	if (cr3 != as->pagetable.cr3)
		cpu_set_cr3(as->pagetable.cr3);
}

/* The instruction is run again until it has succeeded; others may have run meanwhile, so the directory is loaded anew. */
static u32 *access(struct addrspace *as, vaddr_t va, bool write)
{
	u32 error, *word;

	for (u32 tries = 0;; tries++) {
		host_enter(as);
		word = host_access(va, write, true, &error);
		if (word)
			return word;
		if (tries > 1000)
			host_fail(__FILE__, __LINE__, "the access to %#x never succeeds", va);
		if (fault_resolve(as, va, write ? FAULT_WRITE : FAULT_READ) != FAULT_OK)
			return NULL;
	}
}

bool host_load(struct addrspace *as, vaddr_t va, u32 *value)
{
	u32 *word = access(as, va, false);

	if (word)
		*value = *word;
	return word;
}

bool host_store(struct addrspace *as, vaddr_t va, u32 value)
{
	u32 *word = access(as, va, true);

	if (word)
		*word = value;
	return word;
}
