/* What a task is limited to: getrlimit(2). */
#pragma once

#include "kernel/base/types.h"

struct task;

#define LIMITS 16 /* Linux's RLIM_NLIMITS */
#define LIMIT_NONE 0xFFFFFFFFu

struct limit {
	u32 soft, hard;
};

/* What a task has that inherits from none. */
void limit_init(struct task *t);

/* WHICH is below LIMITS; T has memory. */
struct limit limit_of(const struct task *t, u32 which);
/* => 0, -EINVAL: more than the hard limit, -EPERM: not possible */
int limit_set(struct task *t, u32 which, struct limit wanted);

/* How many descriptors the current task may have. */
u32 limit_files(void);

/* How many signals may be in queues when one is added for T. */
u32 limit_queued_signals(const struct task *t);

/* May the current task make a file SIZE bytes long? => 0; -EFBIG, and it gets SIGXFSZ */
int limit_check_file_size(u64 size);

/* It writes *N > 0 bytes at POS of a regular file. => 0 and in *N how many it may; -EFBIG as above: none */
int limit_cut_write(u64 pos, u32 *n);

/*
 * May the current task map LENGTH bytes more, which are private and writable (DATA) or not, in place of what lies in
 * [START, END)?
 */
bool limit_allows_memory(u32 length, bool data, vaddr_t start, vaddr_t end);
