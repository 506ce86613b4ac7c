/* What a task is limited to: getrlimit(2). */
#pragma once

#include "kernel/base/types.h"

struct task;

#define LIMITS 16 /* Linux's RLIM_NLIMITS */
#define LIMIT_NONE 0xFFFFFFFFu

struct limit {
	u32 soft, hard;
};

/* The limits of a task that inherits from none. */
void limit_init(struct task *t);

/* WHICH is below LIMITS; T has memory. */
struct limit limit_of(const struct task *t, u32 which);
/* => 0, -EINVAL: more than the hard limit, -EPERM: not possible */
int limit_set(struct task *t, u32 which, struct limit wanted);

/* RLIMIT_CPU is watched from now on: of a task that has just been made with the limits of its parent. */
void limit_watch_time(struct task *t);

/* T has used as much processor time as its soft limit, which becomes a second more. => the signal that it gets; never sleeps */
u32 limit_time_is_up(struct task *t);

/* How many descriptors the current task may have. */
u32 limit_files(void);

/* How many signals may be in queues when one is added for T. */
u32 limit_queued_signals(const struct task *t);

/* => 0 if the current task may make a file SIZE bytes long; else -EFBIG, and it gets SIGXFSZ */
int limit_check_file_size(u64 size);

/* Reduces *N > 0 bytes, to be written at POS of a regular file, to what the limit permits. => 0; -EFBIG as above: none */
int limit_cut_write(u64 pos, u32 *n);

/*
 * => may the current task map LENGTH bytes more, replacing what is mapped in [START, END)? DATA: private and writable ones.
 */
bool limit_allows_memory(u32 length, bool data, vaddr_t start, vaddr_t end);
