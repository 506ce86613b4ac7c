/* Setting the limits of a task. */
#pragma once

#include "kernel/task/limit.h"

/* WHICH is below LIMITS; T has memory. => 0, -EINVAL: more than the hard limit, -EPERM: not possible */
int limits_set(struct task *t, u32 which, struct limit wanted);
