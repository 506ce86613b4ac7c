/* What a task is limited to: getrlimit(2). */
#pragma once

#include "kernel/base/types.h"

struct task;

#define LIMITS 16 /* Linux's RLIM_NLIMITS */
#define LIMIT_NONE 0xFFFFFFFFu

enum {
	RLIMIT_CPU = 0, RLIMIT_FSIZE = 1, RLIMIT_DATA = 2, RLIMIT_STACK = 3, RLIMIT_CORE = 4, RLIMIT_RSS = 5, RLIMIT_NOFILE = 7,
	RLIMIT_AS = 9, RLIMIT_SIGPENDING = 11, RLIMIT_RTTIME = 15,
};

struct limit {
	u32 soft, hard;
};

#define LIMIT_FILES 64             /* descriptors of one task at most */
#define LIMIT_QUEUED_SIGNALS 1024u /* of all tasks together: they are one user's */

/* The limits of a task that inherits from none. */
void limit_init(struct task *t);

/* WHICH is below LIMITS; T has memory. */
struct limit limit_of(const struct task *t, u32 which);

/* How many descriptors the current task may have. */
u32 limit_files(void);

/* How many signals may be in queues when one is added for T. */
u32 limit_queued_signals(const struct task *t);

/*
 * => may the current task map LENGTH bytes more, replacing what is mapped in [START, END)? DATA: private and writable ones.
 */
bool limit_allows_memory(u32 length, bool data, vaddr_t start, vaddr_t end);
