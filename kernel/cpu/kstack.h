/* Kernel stacks: two frames each in a region of their own, with an unmapped guard below (mm/layout.h). */
#pragma once

#include "kernel/base/types.h"

/* => a free stack's number in *SLOT and its top, or NULL: no memory, or as many tasks as there may be */
void *kstack_alloc(u32 *slot);
/* Not the stack that the caller runs on. */
void kstack_free(u32 slot);

u32 kstack_frames(void); /* frames in use by stacks */
