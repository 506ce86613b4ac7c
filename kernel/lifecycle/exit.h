/* How a task ends. */
#pragma once

#include "kernel/task/task.h"

/* The current task ends with STATUS: gives everything back and becomes a zombie until its parent has waited. */
void exit_task(u32 status) NORETURN;

/*
 * The current task leaves its space, which is destroyed, or returned to the parent that lent it (vfork). If a vfork child of
 * this task still runs in it, the child owns it from now on. Never sleeps.
 */
void exit_leave_space(struct addrspace *as);

/* When the first program ends: called with its wait status, must not return. */
extern void (*exit_on_init)(u32 status);
