/* The end of a task. */
#pragma once

#include "kernel/task/task.h"

/*
 * Ends the current task with wait status STATUS: frees its resources and makes it a zombie until its parent has waited.
 */
void exit_task(u32 status) NORETURN;

/*
 * The current task has left AS, which is destroyed, or returned to the parent that lent it (vfork). If a vfork child of
 * the task still runs in AS, the child owns it from now on. What the task has used in AS is added to its own counts.
 * Never sleeps.
 */
void exit_leave_space(struct addrspace *as);

/* Called with its wait status when the first program exits; must not return. */
extern void (*on_init_exit)(u32 status);
