/* A disk in a range of physical memory: a root image that came as a Multiboot module. */
#pragma once

#include "drivers/block.h"

/*
 * Makes a disk called NAME of the whole pages in BYTES bytes from START on, which must lie in the
 * direct map and be nobody else's from now on. NAME stays for ever.
 * => the disk, registered; NULL without memory
 */
struct block_device *ramdisk_create(const char *name, paddr_t start, u32 bytes);
