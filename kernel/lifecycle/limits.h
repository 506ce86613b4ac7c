/* Changing the resource limits of a task: setrlimit(2), prlimit(2). */
#pragma once

#include "kernel/task/limit.h"

/*
 * Sets T's limit WHICH, which is below LIMITS; T has an address space.
 * => 0; -EINVAL: soft above hard, -EPERM: above the kernel's own maximum, or a limit that cannot be set
 */
int limits_set(struct task *t, u32 which, struct limit wanted);
