/* Moving and resizing what is mapped: mremap. */
#pragma once

#include "mm/addrspace.h"

enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2, MREMAP_DONTUNMAP = 4 };

/*
 * As mremap(2); NEW_START counts with MREMAP_FIXED, and as a hint with MREMAP_DONTUNMAP.
 * => where the mapping is now, or a negative error (as s32, to be compared with -4096); after an error nothing has changed
 * but what FIXED had to make room for. Never sleeps.
 */
s32 remap(struct addrspace *as, vaddr_t start, u32 length, u32 new_length, u32 flags, vaddr_t new_start);
