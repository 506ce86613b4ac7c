/* What a task is limited to: getrlimit(2). */
#pragma once

#include "kernel/base/types.h"

struct task;

#define LIMITS 16 /* Linux's RLIM_NLIMITS */
#define LIMIT_NONE 0xFFFFFFFFu

struct limit {
	u32 soft, hard;
};

/* WHICH is below LIMITS; T has memory. */
struct limit limit_of(const struct task *t, u32 which);
/* => 0, -EINVAL: more than the hard limit, -EPERM: a hard limit above what is possible */
int limit_set(struct task *t, u32 which, struct limit wanted);
