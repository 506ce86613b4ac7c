/*
 * The swapper: takes whole tasks out of memory and brings them back, because somebody says so (/proc/PID/procswap) or
 * because the load is too high (load_control.h).
 */
#pragma once

#include "kernel/base/wait.h"
#include "mm/procswap.h"

struct task;

enum swap_state {
	SWAP_IN,       /* in memory, as far as paging left it there */
	SWAP_LEAVING,  /* it is to stop, at the latest on its way to user mode */
	SWAP_OUT,      /* its address space is out */
	SWAP_ENTERING, /* its pages are being read */
};

enum swap_order { SWAP_AS_NEEDED, SWAP_STAY_OUT, SWAP_COME_IN };

/* Part of each task; zeros but for the queues are a task in memory that nobody has given an order for. */
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

void swapper_init(struct swapping *s);

/* The body of the swapper's thread; never returns. */
void swapper_run(void *unused);

/*
 * T leaves memory and stays out until it is called back, or comes back. Sleeps until that is done; T may be gone then.
 * => 0, -EINVAL (a kernel thread, or the caller), -EPERM (the first program), -ENOSPC (no slots), -ENOMEM, -EBUSY (it did
 * not stop), -ESRCH (it has ended), -EINTR
 */
int swapper_order(struct task *t, enum swap_order order);

/*
 * For the swapper's own thread: T, in memory, leaves; T, out, comes back. Sleeps; T may be gone then.
 * => 0, -EBUSY, -ENOMEM, -ESRCH
 */
int swapper_out(struct task *t);
int swapper_in(struct task *t);

/* The current task waits until it may go on in user mode. => false: it is killed */
bool swapper_gate(void) MUST_CHECK;

/* The current task, in the kernel, wants its address space, which may be out. => false: it is killed */
bool swapper_need_space(void) MUST_CHECK;

/* The current task ends. */
void swapper_forget(void);

/* Something may be to be done. */
void swapper_wake(void);
