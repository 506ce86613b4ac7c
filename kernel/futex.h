/* Sleeping on a word in memory. */
#pragma once

#include "kernel/base/types.h"

/* How often a task slept on a word, and was woken by another, since boot. */
extern u32 futex_sleeps, futex_wakes;
