/* Creating tasks and freeing them. */
#pragma once

#include "kernel/task/task.h"

/*
 * Creates a task with a kernel stack, floating-point state, signals and a number, which is in task_all, has no parent,
 * address space or files, and is not ready to run. Never sleeps. => NULL: no memory, or no kernel stack is left
 */
struct task *task_create(const char *name);

/* Frees a task that has exited or was never started, with everything that task_create() has allocated. */
void task_free(struct task *t);

/* Creates and starts a kernel thread. URGENT: with the highest priority. => NULL: no memory */
struct task *task_spawn_kernel(const char *name, void (*entry)(void *), void *argument, bool urgent);
