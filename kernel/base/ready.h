/* The ready threads, and which of them runs next. For thread.c. */
#pragma once

#include "kernel/base/thread.h"

extern struct list ready_threads; /* the highest priority first; others only read it */

/* Queues T, which is in no queue, behind the threads of its priority, or (BEFORE_EQUALS) in front of them. */
void ready_add_by_priority(struct thread *t, bool before_equals);
static inline void ready_add(struct thread *t, bool before_equals)
{
	if (t->priority > THREAD_ORDINARY || before_equals)
		ready_add_by_priority(t, before_equals);
	else
		list_push_back(&ready_threads, &t->link); /* the lowest priority */
}

/* CURRENT ran until now. => the thread that should run next, removed from the queue; NULL: none is ready */
struct thread *ready_take(const struct thread *current);

/* => is there a ready thread that should replace CURRENT now? With SLICE_OVER one of the same rank should too. */
bool ready_is_better(const struct thread *current, bool slice_over, u64 now);

static inline bool ready_is_real_time(const struct thread *t)
{
	return t->priority > THREAD_ORDINARY && t->priority <= THREAD_REALTIME_MAX;
}

/*
 * => the time at which CURRENT, a real-time thread, will have used up the share of this second, or the next second
 * begins
 */
u64 ready_end_of_share(const struct thread *current);

/* => the time at which the next choice is due if CURRENT does not sleep before; WAIT_FOREVER: never */
static inline u64 ready_next_choice(const struct thread *current)
{
	u64 end = current->slice_ns ? current->slice_end : WAIT_FOREVER;

	return ready_is_real_time(current) ? MIN(end, ready_end_of_share(current)) : end;
}
