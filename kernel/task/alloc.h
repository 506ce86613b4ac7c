/* Kernel memory for calls that may sleep: where there is none now, they queue for it instead of failing by accident. */
#pragma once

#include "kernel/base/types.h"

/* => SIZE bytes, not zeroed, kfree() them; NULL: killed, or it seems hopeless. May sleep. */
void *alloc_wait(u32 size);
