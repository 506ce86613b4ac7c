/* The three alarms of each task, which setitimer(2) sets, and the one that watches RLIMIT_CPU. */
#pragma once

#include "kernel/base/list.h"

struct task;

/* By which time: that of the machine, the task's in user mode, all of the task's (as Linux numbers them); and again that. */
enum itimer_kind { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF, ITIMER_LIMIT, ITIMERS };

struct itimer {
	struct list link;
	struct task *task;
	enum itimer_kind kind;
	u64 deadline;    /* ns of its kind of time at the next alarm; linked only while there is one */
	u64 interval_ns; /* from one alarm to the next; 0: there is only one */
};

/* T's alarms; none is set. */
void itimer_init(struct task *t);

/* T's next alarm comes after VALUE_NS (0: none), and from then on after each INTERVAL_NS. */
void itimer_set(struct task *t, enum itimer_kind kind, u64 value_ns, u64 interval_ns);

/* None is set any more. */
void itimer_clear(struct task *t);

/* => nanoseconds until T's next alarm, at least 1; 0: there is none */
u64 itimer_left(const struct task *t, enum itimer_kind kind);
