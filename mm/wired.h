/* How much memory may be wired. */
#pragma once

#include "mm/addrspace.h"

/* May PAGES more be wired, by a locked object (memobj_shm_lock())? Never sleeps. */
bool wired_may_be_more(u32 pages);

/*
 * May PAGES be wired in AS, in place of what is wired in [START, END)? Not if more than half of memory would be, by all
 * spaces and locked objects together. Never sleeps.
 */
bool wired_may_be(const struct addrspace *as, vaddr_t start, vaddr_t end, u32 pages);
