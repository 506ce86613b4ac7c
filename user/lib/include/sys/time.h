/* sys/time.h: interval timers. */
#ifndef SYS_TIME_H
#define SYS_TIME_H

#define ITIMER_REAL 0

struct timeval {
	long tv_sec;
	long tv_usec;
};

struct itimerval {
	struct timeval it_interval, it_value;
};

int setitimer(int which, const struct itimerval *timer, struct itimerval *old);
int getitimer(int which, struct itimerval *timer);

#endif
