/* fork, and what vfork(2) and clone(2) ask for beyond it. */
#pragma once

#include "kernel/task/task.h"

struct fork_args {
	vaddr_t stack;         /* where the child's stack pointer stands; 0: where the parent's does */
	bool lend_space;       /* the child runs in the parent's space; the parent waits until it has another or has ended */
	vaddr_t parent_tid; /* where the child's number is stored in the parent's space; 0: nowhere */
	vaddr_t child_tid;  /* the same in the child's */
	vaddr_t clear_tid; /* as in struct task */
	u32 exit_signal;        /* as in struct task */
};

/* A child of the current task. => its number (in the child: 0), -EAGAIN, -ENOMEM; sleeps */
s32 fork_task(const struct fork_args *args);
