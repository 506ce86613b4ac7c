/* Interval timers: the three of each task that setitimer(2) sets, and a fourth for RLIMIT_CPU. Nothing here sleeps. */
#pragma once

#include "kernel/task/task.h"

/* Initialises T's timers; none is set. */
void itimer_init(struct task *t);

/* Sets T's timer KIND: the first alarm after VALUE_NS (0: never), further ones each INTERVAL_NS (0: none). */
void itimer_set(struct task *t, enum itimer_kind kind, u64 value_ns, u64 interval_ns);

/* Disables all of T's timers. */
void itimer_clear(struct task *t);

/* => nanoseconds until the next alarm of T's timer KIND, at least 1; 0: it is not set */
u64 itimer_left(const struct task *t, enum itimer_kind kind);

/* Sets the timer for T's RLIMIT_CPU, which has just changed, or was inherited by the new task T. */
void itimer_watch_limit(struct task *t);
