/* Moving and resizing mappings: mremap. */
#pragma once

#include "mm/addrspace.h"

enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2, MREMAP_DONTUNMAP = 4 };

/*
 * As mremap(2); NEW_START counts with MREMAP_FIXED, and as a hint with MREMAP_DONTUNMAP.
 * => the new address, or a negative error (as s32: compare with -4096); after an error nothing has changed, except that FIXED
 * may have unmapped the target. Never sleeps.
 */
s32 remap(struct addrspace *as, vaddr_t start, u32 length, u32 new_length, u32 flags, vaddr_t new_start);
