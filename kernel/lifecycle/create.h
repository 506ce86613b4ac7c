/* Making tasks and freeing them. */
#pragma once

#include "kernel/task/task.h"

/*
 * A new task with kernel stack, floating-point state and a number, in task_all but without parent, memory or files.
 * => NULL without memory or when there are too many
 */
struct task *task_create(const char *name);

/* Takes a task that has ended, or was never started, out of the world. */
void task_free(struct task *t);

/* A kernel thread of its own, running at once; NULL without memory. */
struct task *task_spawn_kernel(const char *name, void (*entry)(void *), void *argument, bool urgent);
