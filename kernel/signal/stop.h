/*
 * Stop signals and SIGCONT: the part of signals that job control uses.
 *
 * A task stops only where it holds nothing: before it returns to user mode, at the swapper's gate, or in an
 * interruptible sleep. So it may stay stopped forever, and be swapped out as a whole, without blocking another task.
 */
#pragma once

#include "kernel/base/wait.h"

struct task;

/*
 * Stops the current task for SIGNAL, unless its group is orphaned (not for SIGSTOP). Sleeps until SIGCONT or until
 * killed.
 */
void signal_stop(u32 signal);

/* Stops the current task if a stop signal is due, even if other signals are too. Sleeps. */
void signal_stop_if_due(void);

/*
 * The current task's sleep was interrupted. If only stop signals are due: stops, and sleeps until it is continued.
 * => true: only stops have interrupted it: it may sleep again; false: another signal is due, or it was killed
 */
bool signal_stop_over(void);

/* As wait_on_until(), but a stop is no interruption: it counts as a wakeup. */
enum wait_result signal_stop_wait(struct waitq *q, u64 deadline);

/*
 * The current task sleeps until DEADLINE, through stops. => true: the deadline has passed; false: another signal came
 * first
 */
bool signal_stop_sleep(u64 deadline);

/*
 * => true: the group is orphaned: no member (WITHOUT, which exits, does not count) has a parent outside the group and
 * in its session, which could continue the group
 */
bool signal_stop_is_orphaned(u32 pgid, const struct task *without);

/*
 * T has lost PARENT, or exits itself (WITHOUT is T). If its group has become orphaned by that and has stopped members,
 * it gets SIGHUP and SIGCONT.
 */
void signal_stop_release_orphans(const struct task *t, const struct task *parent, const struct task *without);
