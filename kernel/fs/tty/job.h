/* Whose the terminal is: the foreground group, which gets the keyboard's signals, and the others, which must not disturb it. */
#pragma once

#include "kernel/base/types.h"

/* => the foreground group; 0: none yet */
u32 tty_job_foreground(void);

/* SIGNAL goes to the foreground group. Never sleeps; interrupt handlers call it. */
void tty_job_raise(u32 signal);

/*
 * The current task wants from the terminal what its group may only do in the foreground; in the background the group gets
 * SIGNAL (SIGTTIN, SIGTTOU) instead. => 0: it may; -ERESTART: after that; -EIO: it never may
 */
int tty_job_check(u32 signal);

/* PGID is the foreground group from now on. => 0, -ERESTART, -ENOTTY, -EINVAL, -ESRCH, -EPERM (of another session) */
int tty_job_give(u32 pgid);

/* The foreground is the current task's group. */
void tty_job_seize(void);
