/* Stacks grow by themselves. */
#pragma once

#include "mm/addrspace.h"

/*
 * For the fault: extends the stack above VA, a page without a region, down to VA.
 * => the region that contains VA now; NULL: there is no stack that may grow so far. Never sleeps.
 */
struct region *stack_grow(struct addrspace *as, vaddr_t va);
