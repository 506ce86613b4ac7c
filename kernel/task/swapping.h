/*
 * A task's state for the swapper (kernel/pressure/swapper.h). It stands below the swapper because it is part of struct
 * task, and because a signal that stops a task opens the gate.
 */
#pragma once

#include "kernel/base/wait.h"
#include "mm/procswap.h"

enum swap_state {
	SWAP_IN,       /* in memory; single pages may be on the swap area */
	SWAP_LEAVING,  /* the swapper waits until it holds nothing; then it evicts its pages */
	SWAP_OUT,      /* its address space is swapped out as a whole */
	SWAP_ENTERING, /* its pages are being read back */
};

enum swap_command { SWAP_AS_NEEDED, SWAP_STAY_OUT, SWAP_COME_IN };

/* Part of struct task. All zero except the queues: in memory, without a command. */
struct swapping {
	enum swap_state state;
	enum swap_command command;
	int error;           /* why the last command failed, or 0 */
	bool at_gate;        /* it sleeps on GATE */
	u32 times;           /* how often it was swapped out */
	u64 since_ns;        /* clock_ns() of the last change of STATE */
	struct waitq gate;   /* the task itself, until it may return to user mode */
	struct waitq changed; /* tasks that wait for a change of STATE or COMMAND */
	struct procswap_figures out, in; /* pages and requests of the last swap-out and swap-in */
	u64 out_ns, in_ns;               /* how long these took */
	u32 faults_before;               /* major faults of the space when load control's period began */
	u32 needs;                       /* frames that it used before load control swapped it out */
};

static inline void swapping_init(struct swapping *s)
{
	waitq_init(&s->gate);
	waitq_init(&s->changed);
}

/* Wakes the task if it waits at the swapper's gate, to test again whether it may pass or must stop. */
static inline void swapping_recheck(struct swapping *s)
{
	wake_all(&s->gate);
}
