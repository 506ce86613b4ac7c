/* A swap area in memory that behaves as badly as a disk may: for tests (`swap=mem:PAGES:SEED`). */
#pragma once

#include "drivers/block.h"

/* => a disk of NPAGES pages called "memswap", registered; NULL without memory */
struct block_device *memswap_create(u32 npages, u32 seed);
