/* How much memory may be wired, or taken by the kernel for data that outlives its tasks. */
#pragma once

#include "mm/addrspace.h"

/* May PAGES more be wired, by a locked object (memobj_shm_lock())? Never sleeps. */
bool wired_more_allowed(u32 pages);

/*
 * Persistent kernel memory is not freed when tasks end: names and messages. It is never paged, so it counts as wired memory.
 * => may there be BYTES more? Not if it would exceed a quarter of memory, or half of it together with all wired memory that
 * belongs to no task. Never sleeps.
 */
bool wired_persistent_allowed(u32 bytes);
void wired_persistent_add(s32 bytes);    /* adds BYTES, which may be negative */
u32 wired_persistent_max(void);    /* the quarter, in bytes */

/*
 * May PAGES be wired in AS, in place of what is wired in [START, END)? Not if more than half of memory would be, by all
 * spaces and locked objects together. Never sleeps.
 */
bool wired_allowed(const struct addrspace *as, vaddr_t start, vaddr_t end, u32 pages);
