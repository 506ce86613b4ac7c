/* Which memory there is, before there is an allocator. */
#pragma once

#include "kernel/base/types.h"

struct multiboot_info;

/* A module that the loader left in memory; its frames stay RESERVED. */
struct bootmem_module {
	paddr_t start;
	u32 bytes;
};

/* => false: there is no module of that NUMBER (from 0) */
bool bootmem_module(u32 number, struct bootmem_module *m);

/*
 * Reads the loader's memory map, places the frame table and gives every usable frame to frame.c.
 * => false: too little memory; prints a message
 */
bool bootmem_init(const struct multiboot_info *mbi) MUST_CHECK;

u32 bootmem_kib_ignored(void); /* RAM above the direct map, not used */
