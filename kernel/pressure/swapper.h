/*
 * The swapper: takes whole tasks out of memory and brings them back, because of an order (/proc/PID/procswap) or
 * because the load is too high (load_control.h).
 */
#pragma once

#include "kernel/task/swapping.h"

struct task;

/*
 * T leaves memory and stays out until it is called back, or comes back. Sleeps until that is done; T may be gone then.
 * => 0, -EINVAL (a kernel thread, or the caller), -EPERM (the first program), -ENOSPC (no slots), -ENOMEM, -EBUSY (it
 * did not stop), -ESRCH (it has ended), -EINTR
 */
int swapper_order(struct task *t, enum swap_order order);

/* For the swapper's own thread (load_control.c): follows one order that was given. => false: there is none. Sleeps. */
bool swapper_follow_order(void);

/* The same thread sleeps until swapper_wake(), or UNTIL as in clock_ns(). */
void swapper_sleep(u64 until);

/*
 * For the swapper's own thread: T, in memory, leaves; T, out, comes back. Sleeps; T may be gone then.
 * => 0, -EBUSY, -ENOMEM, -ESRCH
 */
int swapper_out(struct task *t);
int swapper_in(struct task *t);

/* The current task waits until it may go on in user mode. => false: it is killed */
bool swapper_gate(void) MUST_CHECK;

/* The current task, in the kernel, wants its address space, which may be out. => false: it is killed */
bool swapper_wait_for_space(void) MUST_CHECK;

/* The current task ends. */
void swapper_forget(void);

/* Wakes the swapper: there may be work. */
void swapper_wake(void);
