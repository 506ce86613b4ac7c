/* Resource limits of a task: getrlimit(2). Changing them: kernel/lifecycle/limits.h. */
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
#define LIMIT_QUEUED_SIGNALS 1024u /* of all tasks together: all belong to one user */

/* Sets the limits of a task that does not inherit any. */
void limit_init(struct task *t);

/* => T's limit WHICH, which is below LIMITS; T has an address space */
struct limit limit_of(const struct task *t, u32 which);

/* => how many descriptors the current task may have */
u32 limit_files(void);

/* => how many signals may be queued, for all tasks together, when one is added for T */
u32 limit_queued_signals(const struct task *t);

/*
 * => true: the current task may map LENGTH more bytes, which replace the mappings in [START, END). DATA: the mapping is
 * private and writable.
 */
bool limit_allows_memory(u32 length, bool data, vaddr_t start, vaddr_t end);
