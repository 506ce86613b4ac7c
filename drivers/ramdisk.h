/* A disk in a range of physical memory, for a root image in a Multiboot module. */
#pragma once

#include "drivers/block.h"

/*
 * Creates and registers a disk NAME of the whole pages in the BYTES bytes at START, which must lie in
 * the direct map and have no other use from now on. NAME must never be freed.
 * => NULL: no memory
 */
struct block_device *ramdisk_create(const char *name, paddr_t start, u32 bytes);
