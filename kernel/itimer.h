/* The alarm of each task: ITIMER_REAL of setitimer(2), which sends SIGALRM. */
#pragma once

#include "kernel/base/list.h"

struct task;

struct itimer {
	struct list link;
	u64 deadline;    /* clock_ns() of the next alarm; linked only while there is one */
	u64 interval_ns; /* from one alarm to the next; 0: there is only one */
};

void itimer_init(struct itimer *i);

/* T's next alarm comes after VALUE_NS (0: none), and from then on after each INTERVAL_NS. */
void itimer_set(struct task *t, u64 value_ns, u64 interval_ns);

/* => nanoseconds until T's next alarm, at least 1; 0: there is none */
u64 itimer_left(const struct task *t);
