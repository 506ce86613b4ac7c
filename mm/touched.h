/*
 * What a program has touched since somebody began to watch: the accessed bits, and Linux's soft-dirty bits, which tell
 * the pages that were stored to since they were cleared. A collector that wants to know which old pages were written,
 * or a tool that saves a running program piece by piece, asks for them (/proc/PID/clear_refs and pagemap).
 */
#pragma once

#include "mm/addrspace.h"

enum { TOUCHED_ANON = 1, TOUCHED_FILE = 2 };

/* Clears the accessed bits of the pages of these KINDS that AS has mapped. */
void touched_clear_accessed(struct addrspace *as, u32 kinds);

/* No page of AS is soft-dirty any more, until it is stored to. */
void touched_clear_written(struct addrspace *as);

/* Was the page at VA, in region R, stored to by AS since then? Of what was mapped since then, every page counts. */
bool touched_is_written(struct addrspace *as, const struct region *r, vaddr_t va);
