/*
 * Signals, as far as their default actions go: a task ends, or nothing happens.
 */
#pragma once

#include "kernel/base/types.h"

struct task;

enum { SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGILL = 4, SIGTRAP = 5, SIGABRT = 6, SIGBUS = 7, SIGFPE = 8,
       SIGKILL = 9, SIGUSR1 = 10, SIGSEGV = 11, SIGUSR2 = 12, SIGPIPE = 13, SIGALRM = 14, SIGTERM = 15,
       SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19, SIGTSTP = 20, SIGTTIN = 21, SIGTTOU = 22, SIGURG = 23,
       SIGWINCH = 28, SIGNAL_MAX = 64 };

/* Sends SIGNAL (1..64) to T. Never sleeps; an interrupt handler may call it. */
void signal_send(struct task *t, u32 signal);
/* To every task of the group. => number of tasks that got it */
u32 signal_send_group(u32 pgid, u32 signal);

/* As the processor's answer to what the current task did: cannot be ignored or blocked. */
void signal_force(u32 signal);

/* => the signal that ends the current task now, or 0 */
u32 signal_fatal(void);
