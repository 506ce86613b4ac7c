/* A swap area in memory that behaves as badly as a disk may, for tests (`swap=mem:PAGES:SEED`). */
#pragma once

#include "drivers/block.h"

/*
 * Creates and registers a disk "memswap" of NPAGES pages. SEED: of its random delays. => NULL: no memory, or a bad size
 */
struct block_device *memswap_create(u32 npages, u32 seed);
