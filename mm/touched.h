/*
 * Which pages a program has touched since the bits were cleared: the accessed bits, and Linux's soft-dirty bits for pages that
 * were written. They serve a garbage collector that must know which old pages were written, or a tool that saves a running
 * program step by step (/proc/PID/clear_refs and pagemap).
 */
#pragma once

#include "mm/addrspace.h"

enum { TOUCHED_ANON = 1, TOUCHED_FILE = 2 };

/* Clears the accessed bits of the mapped pages of these KINDS. */
void touched_clear_accessed(struct addrspace *as, u32 kinds);

/* Clears the soft-dirty bits of all pages of AS. */
void touched_clear_written(struct addrspace *as);

/* => is the page at VA, in region R, soft-dirty? Pages of regions that were made since then are. */
bool touched_is_written(struct addrspace *as, const struct region *r, vaddr_t va);
