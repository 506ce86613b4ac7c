/* Kernel stacks: two frames each in a region of their own, with an unmapped guard below (mm/layout.h). */
#pragma once

#include "kernel/base/types.h"

/* => the top of a new stack, and its number in *SLOT; NULL: no memory, or all KSTACK_COUNT are in use. Never sleeps. */
void *kstack_alloc(u32 *slot);
/* Frees a stack; not the one that the caller runs on. */
void kstack_free(u32 slot);

u32 kstack_frames(void); /* => frames in use by stacks */
