/* Out of memory: who must go. */
#pragma once

#include "kernel/base/types.h"

/*
 * Ends the task that holds most, never the first program while there is another; the page-out daemon calls it. CROWDED: most of
 * what cannot be evicted, else of everything.
 */
void oom_kill(bool crowded);
