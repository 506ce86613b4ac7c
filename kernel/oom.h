/* Out of memory: who must go. */
#pragma once

#include "kernel/base/types.h"

/*
 * Kills the task that holds the most memory, never the first program while there is another; called by the page-out daemon.
 * CROWDED: the most unevictable memory.
 */
void oom_kill(bool crowded);
