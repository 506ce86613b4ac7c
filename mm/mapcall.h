/*
 * The meaning of the memory calls on an address space: Linux's rules for arguments and errors.
 *
 * Addresses and lengths come unchecked from the user.
 */
#pragma once

#include "mm/addrspace.h"

enum { MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_SHARED_VALIDATE = 3, MAP_TYPE = 15, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20,
       MAP_GROWSDOWN = 0x100, MAP_LOCKED = 0x2000, MAP_NORESERVE = 0x4000, MAP_POPULATE = 0x8000, MAP_FIXED_NOREPLACE = 0x100000 };

enum { MLOCK_ONFAULT = 1, MCL_CURRENT = 1, MCL_FUTURE = 2, MCL_ONFAULT = 4 };

/* => the break after the call (unchanged if it was refused) */
vaddr_t mapcall_brk(struct addrspace *as, vaddr_t wanted);

/* OBJ NULL: anonymous. MAX_PROT: what the descriptor allows. => the address (as s32: compare with -4096) or an error */
s32 mapcall_mmap(struct addrspace *as, vaddr_t hint, u32 length, u32 prot, u32 max_prot, u32 flags,
		 struct memobj *obj, u32 obj_index);
s32 mapcall_munmap(struct addrspace *as, vaddr_t start, u32 length);
s32 mapcall_mprotect(struct addrspace *as, vaddr_t start, u32 length, u32 prot);
s32 mapcall_mlock(struct addrspace *as, vaddr_t start, u32 length, u32 flags); /* may sleep */
s32 mapcall_munlock(struct addrspace *as, vaddr_t start, u32 length);

s32 mapcall_mlockall(struct addrspace *as, u32 flags); /* may sleep */
s32 mapcall_munlockall(struct addrspace *as);

/* The identity of a user address, the same in all spaces that share its page. */
struct mapcall_place {
	const void *owner;   /* the object of a shared mapping, else the space */
	struct memobj *obj;  /* the object; NULL: private memory. No reference */
	u32 page;            /* of the owner */
};

/* => false: nothing is mapped at VA; never sleeps */
bool mapcall_locate(struct addrspace *as, vaddr_t va, struct mapcall_place *place);

/* Is the page at VA in memory? => 1, 0, or -ENOMEM: nothing is mapped there */
s32 mapcall_resident(struct addrspace *as, vaddr_t va);
