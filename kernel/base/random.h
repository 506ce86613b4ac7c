/* Numbers that differ each time: for stack protectors, hash tables, names of temporary files. Not secret: whoever knows when
 * the machine was started can guess them. */
#pragma once

#include "kernel/base/types.h"

u32 random_word(void);
