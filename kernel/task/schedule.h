/* How a task is scheduled: its policy, its real-time priority, its nice value. */
#pragma once

#include "kernel/base/types.h"

struct task;

enum { SCHED_OTHER = 0, SCHED_FIFO = 1, SCHED_RR = 2, SCHED_BATCH = 3, SCHED_IDLE = 5 };

#define NICE_MIN (-20)
#define NICE_MAX 19
#define SCHEDULE_RR_NS 100000000u /* slice of SCHED_RR */

struct schedule {
	u8 policy;
	u8 priority;        /* of SCHED_FIFO and SCHED_RR: 1 to THREAD_REALTIME_MAX; else 0 */
	s8 nice;            /* NICE_MIN to NICE_MAX */
	bool reset_on_fork; /* children start as SCHED_OTHER with nice 0 or above */
};

/* Sets T's scheduling to S, which must be valid. */
void schedule_set(struct task *t, const struct schedule *s);

/* For fork: sets CHILD's scheduling to PARENT's, unless that has reset_on_fork. */
void schedule_fork(struct task *child, const struct task *parent);

/* => the slice of a task with S, after which others of its priority run; 0: it runs until it sleeps */
u32 schedule_slice_ns(const struct schedule *s);
