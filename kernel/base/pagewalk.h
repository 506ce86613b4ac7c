/*
 * The page tables that are loaded now, read only and told in words: for panics, which may trust
 * nothing else. What mm/ does with tables is in mm/pagetable.h.
 */
#pragma once

#include "kernel/base/types.h"

/* Would a read of VA by the kernel succeed? */
bool pagewalk_present(u32 va);

/* Prints what the directory and the table say about VA. */
void pagewalk_print(u32 va);
