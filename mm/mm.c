/* Initialises the memory manager, level by level. */
#include "mm/mm.h"

#include "mm/backing.h"
#include "mm/pagetable.h"
#include "mm/rmap.h"

bool mm_init(const struct multiboot_info *mbi)
{
	if (!bootmem_init(mbi))
		return false;
	pagetable_init();
	rmap_init();
	backing_init();
	return true;
}
