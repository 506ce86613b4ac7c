/* Out of memory: which task has to end. */
#pragma once

#include "kernel/base/types.h"

struct task;

/*
 * Kills the task that holds the most memory, never the first program while there is another; called by the page-out daemon.
 * CROWDED: the most unevictable memory.
 */
void oom_kill(bool crowded);

/* A task counts as if it held so many thousandths of memory and swap more; with -OOM_ADJUST_MAX it never goes before others. */
#define OOM_ADJUST_MAX 1000

/* => how much of memory and swap T, which has an address space, counts as holding, in thousandths */
u32 oom_score(const struct task *t);
