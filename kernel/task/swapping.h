/* What the swapper (kernel/pressure/swapper.c) knows of each task. */
#pragma once

#include "kernel/base/wait.h"
#include "mm/procswap.h"

enum swap_state {
	SWAP_IN,       /* in memory, as far as paging left it there */
	SWAP_LEAVING,  /* it is to stop, at the latest on its way to user mode */
	SWAP_OUT,      /* its address space is out */
	SWAP_ENTERING, /* its pages are being read */
};

enum swap_order { SWAP_AS_NEEDED, SWAP_STAY_OUT, SWAP_COME_IN };

/* Part of each task; zeros but for the queues are a task in memory without an order. */
struct swapping {
	enum swap_state state;
	enum swap_order order;
	int error;           /* why the last order was not followed, or 0 */
	bool at_gate;        /* it waits to go on in user mode */
	u32 times;           /* how often it was out */
	u64 since_ns;        /* clock_ns() of the last change of state */
	struct waitq gate;
	struct waitq changed;
	struct procswap_figures out, in; /* of the last time */
	u64 out_ns, in_ns;               /* how long that took */
};

static inline void swapping_init(struct swapping *s)
{
	waitq_init(&s->gate);
	waitq_init(&s->changed);
}

/* A task that waits at the swapper's gate looks again whether it may go on or has to stop. */
static inline void swapping_recheck(struct swapping *s)
{
	wake_all(&s->gate);
}
