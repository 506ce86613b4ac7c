/* time.h: clocks and sleeping. */
#ifndef TIME_H
#define TIME_H

#include <sys/types.h>

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1

struct timespec {
	long tv_sec;
	long tv_nsec;
};

int clock_gettime(int clock, struct timespec *now);
int nanosleep(const struct timespec *time, struct timespec *rest);

#endif
