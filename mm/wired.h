/* How much memory may be wired. */
#pragma once

#include "mm/addrspace.h"

/*
 * May PAGES be wired in AS, in place of what is wired in [START, END)? Not if more than half of memory would be, by all
 * spaces together. Never sleeps.
 */
bool wired_may_be(const struct addrspace *as, vaddr_t start, vaddr_t end, u32 pages);
