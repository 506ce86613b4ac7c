/*
 * Signals: which are pending for a task, which it blocks, and the action for each.
 *
 * signal_send() makes a signal pending; it is taken before the task returns to user mode (deliver.h), unless the task
 * blocks it. A signal below SIGRTMIN that is pending already is not sent again; those from SIGRTMIN on are queued
 * (queue.h). Stop signals and SIGCONT: stop.h.
 */
#pragma once

#include "kernel/base/list.h"

struct task;

enum { SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGILL = 4, SIGTRAP = 5, SIGABRT = 6, SIGBUS = 7, SIGFPE = 8,
       SIGKILL = 9, SIGUSR1 = 10, SIGSEGV = 11, SIGUSR2 = 12, SIGPIPE = 13, SIGALRM = 14, SIGTERM = 15,
       SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19, SIGTSTP = 20, SIGTTIN = 21, SIGTTOU = 22, SIGURG = 23,
       SIGXCPU = 24, SIGXFSZ = 25, SIGVTALRM = 26, SIGPROF = 27, SIGWINCH = 28, SIGRTMIN = 32, SIGNAL_MAX = 64 };

/* The origin of a signal: si_code of sigaction(2). */
enum { SI_USER = 0, SI_KERNEL = 0x80, SI_QUEUE = -1, SI_TKILL = -6, ILL_ILLOPN = 2, ILL_BADSTK = 8, FPE_INTDIV = 1, FPE_FLTDIV = 3,
       FPE_FLTOVF = 4,
       FPE_FLTUND = 5, FPE_FLTRES = 6, FPE_FLTINV = 7, SEGV_MAPERR = 1, SEGV_ACCERR = 2, BUS_ADRALN = 1,
       BUS_ADRERR = 2, TRAP_TRACE = 2, CLD_EXITED = 1, CLD_KILLED = 2, CLD_STOPPED = 5, CLD_CONTINUED = 6 };

enum { SIG_DFL = 0, SIG_IGN = 1 };
#define SA_NOCLDSTOP 0x00000001u
#define SA_NOCLDWAIT 0x00000002u
#define SA_SIGINFO 0x00000004u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK 0x08000000u
#define SA_RESTART 0x10000000u
#define SA_NODEFER 0x40000000u
#define SA_RESETHAND 0x80000000u

/* The action for a signal: struct sigaction of rt_sigaction(2) on i386. */
struct signal_action {
	u32 handler; /* SIG_DFL, SIG_IGN or the handler's address */
	u32 flags, restorer;
	u64 mask;    /* blocked in addition while the handler runs */
};
STATIC_ASSERT(sizeof(struct signal_action) == 20, "Linux's layout");

/* Information about a signal: siginfo_t after its first two words. */
struct signal_info {
	s32 code;
	u32 value;   /* the address of a fault; otherwise the number of the sending task */
	u32 uid;     /* the sender's user */
	u32 status;  /* SIGCHLD: the exit status, or the signal that ended, stopped or continued the child; queued: its value */
};

/* The stack for handlers that ask for it: stack_t of sigaltstack(2). */
struct signal_stack {
	u32 start, flags, size; /* size 0: there is none */
};

/* Part of each task, allocated apart because of its size. Masks have bit N-1 for signal N. */
struct signals {
	u64 pending, blocked;
	u64 saved;           /* the mask that signal_replace_mask() replaced, to be restored ... */
	bool has_saved;      /* ... if this is set */
	u64 awaited;         /* sigtimedwait waits for these: they act as blocked ones, but wake the task */
	bool forced;         /* signal_force() has sent a signal that kills even the first program */
	u32 fatal;           /* the signal that has killed the task; 0: none */
	u32 trap, error, address; /* the last exception that became a signal, for sigcontext */
	struct signal_stack stack;
	struct signal_action actions[SIGNAL_MAX];
	struct signal_info infos[SIGRTMIN - 1]; /* valid for pending signals */
	struct list queued;  /* real-time signals: queue.h */
};
STATIC_ASSERT(sizeof(struct signals) <= 2032, "two of them share a frame");

#define SIGNAL_BIT(signal) (1ull << ((signal) - 1))
#define SIGNAL_STOPS (SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))
#define SIGNAL_UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

/* No signal is pending or queued in *S. The rest of *S must be zeros, or a copy of the parent's. */
void signal_start_empty(struct signals *s);

/*
 * Sends SIGNAL (1..64) to T, unless T ignores it. Never sleeps; an interrupt handler may call it with a signal below
 * SIGRTMIN.
 * => 0; -EAGAIN, -ENOMEM: the queue has no room, and nothing was sent. Signals below SIGRTMIN and those of kill(2) are
 * always sent, the latter without INFO if the queue has no room.
 */
int signal_send(struct task *t, u32 signal, struct signal_info info);
/* => the information about child PID with wait status STATUS, for SIGCHLD and for waitid(2) */
struct signal_info signal_child_info(u32 pid, u32 status);

/*
 * T has stopped or continued (T->stop_status): sends SIGCHLD to its parent unless that declines it, and wakes it if it
 * waits.
 */
void signal_notify_parent(const struct task *t);

/* Sends SIGNAL, unless it is 0, to every task of the group. => number of tasks in the group */
u32 signal_send_group(u32 pgid, u32 signal, struct signal_info info);

/* => true: SIGNAL would have no effect on T even if T did not block it */
bool signal_is_ignored(const struct task *t, u32 signal);
/* => the pending signals that are not blocked, or are awaited */
u64 signal_due(const struct signals *s);
/* => those of them that would stop T */
u64 signal_stopping(const struct task *t);

/* For the files of this folder: T's pending, blocked or awaited signals, or an action, have changed. */
void signal_changed(struct task *t);

/* Sends the signal for an exception to the current task: if that ignores or blocks it, it is killed. */
void signal_force(u32 signal, struct signal_info info);

/* => true: the current task has a handler for SIGNAL and does not block it */
bool signal_has_handler(u32 signal);

/*
 * Takes the pending signal of AMONG that comes first. => its number, and its information in *INFO; 0: none is pending
 */
u32 signal_take(u64 among, struct signal_info *info);

/* The current task blocks exactly the signals in MASK, except those that cannot be blocked. */
void signal_set_blocked(u64 mask);

/*
 * The current task blocks MASK instead of its own mask while it waits, for sigsuspend(2) and its like. The caller
 * restores the mask with signal_restore_mask() when the wait is over, unless a handler is going to run: then its return
 * restores it.
 */
void signal_replace_mask(u64 mask);
void signal_restore_mask(void);

/*
 * The signals in MASK interrupt the current task's sleeps, even blocked or ignored ones, and do not kill it before MASK
 * is 0.
 */
void signal_set_awaited(u64 mask);

/* Sets the action for SIGNAL; if the signal is ignored from now on, pending ones are discarded. */
void signal_set_action(u32 signal, const struct signal_action *action);

/* => the signal that has killed the current task */
u32 signal_fatal(void);

/* CHILD inherits everything from PARENT except pending signals. */
void signal_fork(struct signals *child, const struct signals *parent);
/* The current task runs a new program: handlers are reset; ignored, blocked and pending signals stay so. */
void signal_exec(void);
/* The current task exits: no signal reaches it or interrupts its sleeps any more. */
void signal_end(void);

/* => the signals with action SIG_IGN; those with a handler */
u64 signal_ignored(const struct signals *s);
u64 signal_caught(const struct signals *s);
