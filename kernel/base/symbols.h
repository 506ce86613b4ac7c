/*
 * Names of the kernel's own functions, and backtraces. The table is made by tools/mksyms and linked
 * into the image.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * => the function that holds ADDRESS, and how far into it in *OFFSET; NULL if ADDRESS is not kernel
 * code
 */
const char *symbol_find(u32 address, u32 *offset);

/*
 * Prints "  address  name+offset" for EIP and for each return address on the chain of frames that
 * begins at EBP.
 */
void symbol_backtrace(u32 eip, u32 ebp);
