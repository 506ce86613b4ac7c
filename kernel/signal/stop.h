/*
 * Stopping and going on: job control's half of signals.
 *
 * A task stops only where it holds nothing: on its way to user mode, at the swapper's gate, or in an interruptible sleep. So
 * it may stay stopped for ever and be taken out as a whole, and nobody waits for it.
 */
#pragma once

#include "kernel/base/wait.h"

struct task;

/* The current task stops because of SIGNAL, unless that means nothing to it. Sleeps until SIGCONT or death. */
void signal_stop(u32 signal);

/* The current task stops if a signal for that is due, whatever else is. Sleeps. */
void signal_stop_if_due(void);

/*
 * The current task's sleep was interrupted: by stops alone? They are spent here. Sleeps.
 * => true: it may go on with its sleep, or look again at what it waited for
 */
bool signal_stop_over(void);

/* As wait_on_until(), but a stop is no interruption: it counts as a wakeup. */
enum wait_result signal_stop_wait(struct waitq *q, u64 deadline);

/* The current task sleeps until DEADLINE, over stops too. => true: the time has come; false: a signal was first */
bool signal_stop_sleep(u64 deadline);

/*
 * => nobody outside the group, in its session, is the parent of one of its members (but for WITHOUT, which ends): who would
 * tell it to go on?
 */
bool signal_stop_orphaned(u32 pgid, const struct task *without);

/* T has lost PARENT, or ends itself (WITHOUT is T): if that leaves its group without anybody, it is not left stopped. */
void signal_stop_parted(const struct task *t, const struct task *parent, const struct task *without);
