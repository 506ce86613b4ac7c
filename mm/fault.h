/* The page fault. See fault.c for the six rows. */
#pragma once

#include "mm/addrspace.h"
#include "mm/pte.h"

enum fault_result {
	FAULT_OK,      /* mapped: run the instruction again */
	FAULT_SEGV_MAP,/* no region there */
	FAULT_SEGV_ACC,/* a region, but not for that access */
	FAULT_BUS,     /* beyond the object's end, or an I/O error */
	FAULT_KILLED,  /* the thread must die */
};

enum { FAULT_READ = 0, FAULT_WRITE = PF_WRITE }; /* as in the processor's error code */

/* Resolves an access of kind ACCESS at VA. May sleep. */
enum fault_result fault_resolve(struct addrspace *as, vaddr_t va, u32 access) MUST_CHECK;

/*
 * As fault_resolve(), and pins the frame that VA is then mapped to: for the kernel's own accesses to a space that is not the
 * current one.
 */
enum fault_result fault_resolve_pinned(struct addrspace *as, vaddr_t va, u32 access, struct frame **f) MUST_CHECK;
