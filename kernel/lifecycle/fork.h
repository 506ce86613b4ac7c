/* fork, with the variants of vfork(2) and clone(2). */
#pragma once

#include "kernel/task/task.h"

struct fork_args {
	vaddr_t stack;         /* the child's stack pointer; 0: the parent's */
	bool lend_space;       /* the child runs in the parent's space, and the parent sleeps until it has left that */
	vaddr_t parent_tid; /* where the child's number is stored in the parent's space; 0: nowhere */
	vaddr_t child_tid;  /* the same in the child's */
	vaddr_t clear_tid; /* as in struct task */
	u32 exit_signal;        /* as in struct task */
};

/* Creates a child of the current task, which returns 0 to user mode. => its number; -EAGAIN, -ENOMEM, -EINTR; sleeps */
s32 fork_task(const struct fork_args *args);
