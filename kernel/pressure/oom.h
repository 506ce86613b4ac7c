/* Out of memory: killing a task. */
#pragma once

#include "kernel/base/types.h"

struct task;

/*
 * Kills the task that holds the most memory (CROWDED: unevictable memory), unless a killed one has yet to exit. Called
 * by the page-out daemon; never sleeps.
 */
void oom_kill(bool crowded);

/*
 * Unit of oom_score_adj: a task counts as holding that many thousandths of memory and swap more. With -OOM_ADJUST_MAX
 * it is killed last.
 */
#define OOM_ADJUST_MAX 1000

/* => the memory that T, which has an address space, counts as holding, in thousandths of memory and swap */
u32 oom_score(const struct task *t);
