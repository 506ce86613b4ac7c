/*
 * Looks up and describes entries of the page tables that are loaded now. For panics, which cannot
 * trust the kernel's own data; everything else uses mm/pagetable.h.
 */
#pragma once

#include "kernel/base/types.h"

/* => true: the kernel can read VA without a page fault */
bool pagewalk_present(u32 va);

/* Prints the directory entry and the table entry of VA. */
void pagewalk_print(u32 va);
