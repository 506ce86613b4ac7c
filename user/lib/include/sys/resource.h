/* sys/resource.h: what a task used and may use. */
#ifndef SYS_RESOURCE_H
#define SYS_RESOURCE_H

#include <sys/time.h>

#define RLIMIT_STACK 3
#define RLIMIT_RSS 5
#define RLIM_INFINITY (~0ul)

#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)

struct rlimit {
	unsigned long rlim_cur, rlim_max;
};

struct rusage {
	struct timeval ru_utime, ru_stime;
	long ru_maxrss;			/* KiB */
	long ru_ixrss, ru_idrss, ru_isrss;
	long ru_minflt, ru_majflt;	/* page faults without and with reading a disk */
	long ru_nswap, ru_inblock, ru_oublock;
	long ru_msgsnd, ru_msgrcv, ru_nsignals;
	long ru_nvcsw, ru_nivcsw;
};

int getrlimit(int what, struct rlimit *limit);
int setrlimit(int what, const struct rlimit *limit);
int getrusage(int who, struct rusage *usage);

#endif
