/*
 * The swapper: swaps whole tasks out and in, on command (/proc/PID/procswap) or because the load is too high
 * (load_control.h). mm/procswap.h moves the pages; this decides when the task can be moved.
 */
#pragma once

#include "kernel/task/swapping.h"

struct task;

/*
 * Has T swapped out, to stay out until the opposite command (SWAP_STAY_OUT), or swapped in (SWAP_COME_IN). Sleeps until
 * that is done; T may have been freed then.
 * => 0; -EINVAL: a kernel thread or the caller, -EPERM: the first program, -ENOSPC: no slots, -ENOMEM, -EBUSY: it did
 * not stop, -ESRCH: it has exited, -EINTR
 */
int swapper_command(struct task *t, enum swap_command command);

/* For the swapper's own thread (load_control.c): obeys one command. => false: there is none. Sleeps. */
bool swapper_obey_command(void);

/* For the same thread: sleeps until swapper_wake(), or UNTIL, on the scale of clock_ns(). */
void swapper_sleep(u64 until);

/*
 * For the same thread: swaps T out, which is in memory; swaps T in, which is out. WHY: VMTRACE_PROCOUT_WHY_... and
 * VMTRACE_PROCIN_WHY_..., for the trace. Sleeps; T may have been freed then.
 * => 0, -EBUSY (out), -ENOMEM, -ESRCH
 */
int swapper_out(struct task *t, u32 why);
int swapper_in(struct task *t, u32 why);

/* The current task sleeps until it may return to user mode. => false: it was killed */
bool swapper_gate(void) MUST_CHECK;

/* The current task, in the kernel, sleeps until its address space is in memory. => false: it was killed */
bool swapper_wait_for_space(void) MUST_CHECK;

/* The current task exits: it is not the swapper's subject any more. */
void swapper_forget(void);

/* Wakes the swapper: there may be work. */
void swapper_wake(void);
