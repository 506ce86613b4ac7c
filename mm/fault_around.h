/* Mapping the pages around one that a fault has mapped. */
#pragma once

#include "mm/addrspace.h"

extern u32 fault_around_enabled; /* /proc/sys/vm/fault_around */

/*
 * A fault at VA, a read, has mapped a page of the file that R maps: maps its neighbours that are in memory, as if they were read,
 * but without their accessed bits. Never sleeps, allocates nothing.
 */
void fault_around(struct addrspace *as, const struct region *r, vaddr_t va);
