/*
 * The meaning of the memory calls on an address space: Linux's rules for arguments and errors.
 *
 * Addresses and lengths come from the user as they are.
 */
#pragma once

#include "mm/addrspace.h"

enum { MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20, MAP_GROWSDOWN = 0x100,
       MAP_NORESERVE = 0x4000, MAP_POPULATE = 0x8000, MAP_FIXED_NOREPLACE = 0x100000 };

/* => the break after the call (unchanged if it was refused) */
vaddr_t mapcall_brk(struct addrspace *as, vaddr_t wanted);

/* OBJ NULL: anonymous. MAX_PROT: what the descriptor allows. => the address (as s32: compare with -4096) or an error */
s32 mapcall_mmap(struct addrspace *as, vaddr_t hint, u32 length, u32 prot, u32 max_prot, u32 flags,
		 struct memobj *obj, u32 obj_index);
s32 mapcall_munmap(struct addrspace *as, vaddr_t start, u32 length);
s32 mapcall_mprotect(struct addrspace *as, vaddr_t start, u32 length, u32 prot);
s32 mapcall_mlock(struct addrspace *as, vaddr_t start, u32 length); /* may sleep */
s32 mapcall_munlock(struct addrspace *as, vaddr_t start, u32 length);

/* Is the page at VA in memory? => 1, 0, or -ENOMEM: nothing is mapped there */
s32 mapcall_resident(struct addrspace *as, vaddr_t va);
