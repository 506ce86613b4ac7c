/* sched.h: yielding the processor. */
#ifndef SCHED_H
#define SCHED_H

int sched_yield(void);

#endif
