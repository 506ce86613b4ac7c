/* Advice of a program about its use of memory: madvise. */
#pragma once

#include "mm/addrspace.h"

/* As madvise(2), with Linux's numbers for ADVICE. => 0 or a negative error; may sleep */
s32 advise(struct addrspace *as, vaddr_t start, u32 length, u32 advice);
