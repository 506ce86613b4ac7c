/* The ready threads, and which of them runs next. For thread.c. */
#pragma once

#include "kernel/base/list.h"
#include "kernel/base/types.h"

struct thread;

extern struct list ready_threads; /* the highest priority first; to look at only */

/* T, which is in no queue, goes behind the others of its priority, or (BEFORE_EQUALS) in front of them. */
void ready_add(struct thread *t, bool before_equals);

/* => the thread that should run next, taken out of the queue; NULL: none. CURRENT ran until now. */
struct thread *ready_take(const struct thread *current);

/* => is there a ready thread that should run instead of CURRENT now? SLICE_OVER: one of the same rank will do. */
bool ready_is_better(const struct thread *current, bool slice_over, u64 now);

/* A thread begins to run at NOW: its real time counts from here. */
void ready_begin_charge(u64 now);

/* => the time at which to choose again if CURRENT does not sleep before; WAIT_FOREVER: never */
u64 ready_next_choice(const struct thread *current);
