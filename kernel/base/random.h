/*
 * Numbers that differ from run to run: for stack protectors, hash tables, names of temporary files. They are not
 * secret: from the time at which the machine was started they can be guessed.
 */
#pragma once

#include "kernel/base/types.h"

u32 random_word(void);
