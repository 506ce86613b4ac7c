/*
 * Names of the kernel's own functions, and backtraces. The table is made by tools/mksyms and linked
 * into the image.
 */
#pragma once

#include "kernel/base/types.h"

/* => the function that contains ADDRESS, whose offset in it is stored in *OFFSET; NULL: no kernel code */
const char *symbol_find(u32 address, u32 *offset);

/* Prints "  address  name+offset" for EIP and for each return address in the chain of frames at EBP. */
void symbol_backtrace(u32 eip, u32 ebp);
