/*
 * Two calls that Linux does not have: what the page table of the caller says about an address, and about a range.
 *
 * They are a teaching kernel's calls. Elsewhere physical addresses are kept from programs, since they help an attacker. Here a
 * program learns those of the pages that it has mapped itself, as from /proc/self/pagemap; nothing of other tasks, and of the
 * kernel's half of the table not even what is mapped there.
 *
 * A page table is only a cache. A page that has no entry may still be in memory, or in swap: the next access makes the entry.
 * And an answer holds only until the page is evicted or moved.
 */
#include "kernel/cpu/syscall.h"
#include "kernel/task/task.h"
#include "mm/mm.h"

/* ADDRESS => its physical address (there is no memory above 896 MiB, so it is not negative); -EFAULT: it has no entry */
SYSCALL(va2pa)
{
	/* lab wmap: the physical address of a virtual one */
	const struct pagetable *pt = &task_current()->as->pagetable;
	pte_t entry = arg[0] < USER_END ? pagetable_get(pt, arg[0]) : 0;

	return entry & PTE_P ? (s32)((entry & PTE_ADDR) | (arg[0] & PAGE_MASK)) : -EFAULT;
	/* end of lab wmap */
}

/*
 * START, LENGTH in bytes => how many pages of the range have an entry; -EINVAL: START is not the beginning of a page;
 * -ENOMEM: the range reaches beyond user space
 */
SYSCALL(pages_loaded)
{
	/* lab wmap: how many pages of a range have an entry */
	const struct pagetable *pt = &task_current()->as->pagetable;
	s32 loaded = 0;
	vaddr_t end;

	if (arg[0] & PAGE_MASK)
		return -EINVAL;
	if (arg[0] > USER_END || arg[1] > USER_END - arg[0])
		return -ENOMEM;
	end = ALIGN_UP(arg[0] + arg[1], PAGE_SIZE);
	for (vaddr_t va = arg[0]; (va = pagetable_next(pt, va, end)) < end; va += PAGE_SIZE)
		loaded++;
	return loaded;
	/* end of lab wmap */
}
