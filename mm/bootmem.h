/* What memory there is, before there is an allocator. */
#pragma once

#include "kernel/base/types.h"

struct multiboot_info;

/* Modules that the loader left in memory (their frames stay RESERVED). => false: there is no such module */
struct bootmem_module {
	paddr_t start;
	u32 bytes;
};
bool bootmem_module(u32 number, struct bootmem_module *m);

/*
 * Reads the loader's memory map, places the frame table and gives every usable frame to frame.c.
 * => false: too little memory, said in words
 */
bool bootmem_init(const struct multiboot_info *mbi) MUST_CHECK;

u32 bootmem_kib_ignored(void); /* RAM above the direct map, not used */
