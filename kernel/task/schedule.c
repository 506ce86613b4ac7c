/*
 * Linux's scheduling policies, expressed in the priorities and slices of kernel/base/thread.h.
 *
 * The nice value sets the length of a slice: ready tasks of SCHED_OTHER run round robin, so they share the processor in
 * proportion to their slices, from 20 ms (nice -20) through 10 ms (0) to 0.5 ms (19). SCHED_BATCH is the same;
 * SCHED_IDLE has a tenth of the shortest slice.
 *
 * Source: sched(7).
 */
#include "kernel/task/schedule.h"

#include "kernel/task/task.h"

#define SLICE_NS_PER_NICE (THREAD_SLICE_NS / 20)

u32 schedule_slice_ns(const struct schedule *s)
{
	switch (s->policy) {
	case SCHED_FIFO:
		return 0;
	case SCHED_RR:
		return SCHEDULE_RR_NS;
	case SCHED_IDLE:
		return SLICE_NS_PER_NICE / 10;
	default:
		return SLICE_NS_PER_NICE * (NICE_MAX + 1 - s->nice);
	}
}

void schedule_set(struct task *t, const struct schedule *s)
{
	t->schedule = *s;
	thread_set_priority(&t->thread, s->priority, schedule_slice_ns(s));
}

void schedule_fork(struct task *child, const struct task *parent)
{
	struct schedule s = parent->schedule;

	if (s.reset_on_fork)
		s = (struct schedule){ .policy = SCHED_OTHER, .nice = s.priority || s.nice < 0 ? 0 : s.nice };
	schedule_set(child, &s);
}
