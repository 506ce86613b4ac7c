/*
 * The boot information that a Multiboot 1 loader passes to the kernel. All addresses are physical.
 *
 * Source: Multiboot Specification version 0.6.96, "Boot information format".
 */
#pragma once

#include "kernel/base/types.h"

enum {
	MULTIBOOT_HAS_MEMORY = 1u << 0,  /* mem_lower, mem_upper */
	MULTIBOOT_HAS_CMDLINE = 1u << 2,
	MULTIBOOT_HAS_MODULES = 1u << 3,
	MULTIBOOT_HAS_MMAP = 1u << 6,
};

struct multiboot_info {
	u32 flags;
	u32 mem_lower;          /* KiB below 1 MiB */
	u32 mem_upper;          /* KiB above 1 MiB, up to the first hole */
	u32 boot_device;
	u32 cmdline;            /* address of a C string */
	u32 mods_count;
	u32 mods_addr;          /* address of struct multiboot_module[] */
	u32 syms[4];
	u32 mmap_length;        /* bytes */
	u32 mmap_addr;          /* address of struct multiboot_mmap entries */
	u32 drives_length;
	u32 drives_addr;
	u32 config_table;
	u32 boot_loader_name;
	u32 apm_table;
};

struct multiboot_module {
	u32 start;              /* first byte */
	u32 end;                /* one past the last byte */
	u32 cmdline;            /* address of a C string */
	u32 reserved;
};

/* SIZE counts the bytes from `addr` to the next entry: a loader may use longer entries. */
struct multiboot_mmap {
	u32 size;
	u64 addr;
	u64 len;
	u32 type;
} __attribute__((packed));

#define MULTIBOOT_MMAP_AVAILABLE 1u
