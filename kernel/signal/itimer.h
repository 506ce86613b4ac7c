/* The three alarms of each task, which setitimer(2) sets, and the one that watches RLIMIT_CPU. */
#pragma once

#include "kernel/task/task.h"

/* T's alarms; none is set. */
void itimer_init(struct task *t);

/* T's next alarm comes after VALUE_NS (0: none), and from then on after each INTERVAL_NS. */
void itimer_set(struct task *t, enum itimer_kind kind, u64 value_ns, u64 interval_ns);

/* None is set any more. */
void itimer_clear(struct task *t);

/* => nanoseconds until T's next alarm, at least 1; 0: there is none */
u64 itimer_left(const struct task *t, enum itimer_kind kind);

/* T's RLIMIT_CPU is watched from now on: it has just been set, or T is new and has its parent's limits. */
void itimer_watch_limit(struct task *t);
