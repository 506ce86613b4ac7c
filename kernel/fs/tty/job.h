/*
 * Which process group owns the terminal: the foreground group gets the keyboard's signals, and the others must not
 * disturb it.
 */
#pragma once

#include "kernel/base/types.h"

/* => the foreground group; 0: none yet */
u32 tty_job_foreground(void);

/* Sends SIGNAL to the foreground group. Never sleeps; interrupt handlers call it. */
void tty_job_raise(u32 signal);

/*
 * For an operation that only the foreground group may do: if the current task's group is in the background, sends it
 * SIGNAL (SIGTTIN, SIGTTOU). => 0: the task may go on; -ERESTART: the signal was sent; -EIO: it never may
 */
int tty_job_check(u32 signal);

/* Makes PGID the foreground group. => 0, -ERESTART, -ENOTTY, -EINVAL, -ESRCH, -EPERM (of another session) */
int tty_job_give(u32 pgid);

/* Makes the current task's group the foreground group. */
void tty_job_seize(void);
