/* How a task begins by fork, ends, and is waited for. */
#pragma once

#include "kernel/task/task.h"

/* Wait statuses as wait(2) reports them. */
#define WAIT_STATUS_EXIT(code) (((code) & 0xFF) << 8)
#define WAIT_STATUS_SIGNAL(signal) (signal)
#define WAIT_STATUS_STOPPED(signal) ((signal) << 8 | 0x7F)
#define WAIT_STATUS_CONTINUED 0xFFFFu

struct fork_wish {
	vaddr_t stack;         /* where the child's stack pointer stands; 0: where the parent's does */
	bool lend_space;       /* the child runs in the parent's space, who waits until it has another or has ended */
	vaddr_t parent_number; /* where the child's number is stored in the parent's space; 0: nowhere */
	vaddr_t child_number;  /* the same in the child's */
	vaddr_t cleared_number; /* the child's struct task has it */
	u32 end_signal;        /* as well */
};

/* A child of the current task. => its number (in the child: 0), -EAGAIN, -ENOMEM; sleeps */
s32 lifecycle_fork(const struct fork_wish *wish);

/*
 * The current task leaves its space, which is destroyed, or returned to the parent that lent it (vfork). If a vfork child of
 * this task still runs in it, the child owns it from now on. Never sleeps.
 */
void lifecycle_leave_space(struct addrspace *as);

/* The current task ends with STATUS: gives everything back and becomes a zombie until its parent has waited. */
void lifecycle_exit(u32 status) NORETURN;

/* When the first program ends: called with its wait status, must not return. */
extern void (*lifecycle_end_of_world)(u32 status);
