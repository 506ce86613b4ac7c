/*
 * Signals: what a task has been sent, what it blocks, and what it wants to be done about each.
 *
 * A signal is sent (signal_send()), waits as a bit in `pending` while it is blocked, and is taken on the task's way back
 * to user mode (deliver.h). One that is sent again before it was taken is one signal, but for those from SIGRTMIN
 * on, which queue up (queue.h). What stops a task is stop.h's.
 */
#pragma once

#include "kernel/base/list.h"

struct task;

enum { SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGILL = 4, SIGTRAP = 5, SIGABRT = 6, SIGBUS = 7, SIGFPE = 8,
       SIGKILL = 9, SIGUSR1 = 10, SIGSEGV = 11, SIGUSR2 = 12, SIGPIPE = 13, SIGALRM = 14, SIGTERM = 15,
       SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19, SIGTSTP = 20, SIGTTIN = 21, SIGTTOU = 22, SIGURG = 23,
       SIGXCPU = 24, SIGXFSZ = 25, SIGVTALRM = 26, SIGPROF = 27, SIGWINCH = 28, SIGRTMIN = 32, SIGNAL_MAX = 64 };

/* Where a signal comes from: si_code of sigaction(2). */
enum { SI_USER = 0, SI_KERNEL = 0x80, SI_QUEUE = -1, SI_TKILL = -6, ILL_ILLOPN = 2, ILL_BADSTK = 8, FPE_INTDIV = 1, FPE_FLTDIV = 3, FPE_FLTOVF = 4,
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

/* What to do about a signal: struct sigaction as rt_sigaction(2) takes it on i386. */
struct signal_action {
	u32 handler; /* SIG_DFL, SIG_IGN or where the handler begins */
	u32 flags, restorer;
	u64 mask;    /* blocked beside while the handler runs */
};
STATIC_ASSERT(sizeof(struct signal_action) == 20, "Linux's layout");

/* What is told of a signal: siginfo_t behind its first two words. */
struct signal_info {
	s32 code;
	u32 value;   /* the address of a fault; otherwise the sender's number */
	u32 uid;     /* whose the sender is */
	u32 status;  /* SIGCHLD: the exit status, or the signal that changed its state; of a queued signal: its value */
};

/* The stack for handlers that ask for it: stack_t of sigaltstack(2). */
struct signal_stack {
	u32 start, flags, size; /* size 0: there is none */
};

/* Part of each task, allocated apart because of its size. Masks have bit N-1 for signal N. */
struct signals {
	u64 pending, blocked;
	u64 saved;           /* what signal_put_aside() found ... */
	bool has_saved;      /* ... which is blocked again after the handler */
	u64 awaited;         /* sigtimedwait takes these; as if blocked, but they wake */
	bool forced;         /* signal_force() ends the task, be it the first program */
	u32 fatal;           /* the signal that ends the task; 0: none yet */
	u32 trap, error, address; /* the last exception that became a signal, for sigcontext */
	struct signal_stack stack;
	struct signal_action actions[SIGNAL_MAX];
	struct signal_info infos[SIGRTMIN - 1]; /* of those that are pending */
	struct list queued;  /* of the others: queue.h */
};
STATIC_ASSERT(sizeof(struct signals) <= 2032, "two of them share a frame");

#define SIGNAL_BIT(signal) (1ull << ((signal) - 1))
#define SIGNAL_STOPS (SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))
#define SIGNAL_UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

/* The state of a new task, which blocks and ignores nothing. */
void signal_init(struct signals *s);

/*
 * Sends SIGNAL (1..64) to T, unless T ignores it. Never sleeps; an interrupt handler may call it with a signal below
 * SIGRTMIN. => 0; -EAGAIN, -ENOMEM: there is no room in the queue, and nothing was sent. Signals below SIGRTMIN always get
 * through, and so do those of kill(2), at worst without INFO.
 */
int signal_send(struct task *t, u32 signal, struct signal_info info);
/* => what is told of the child PID with wait status STATUS, by SIGCHLD and by waitid(2) alike */
struct signal_info signal_child_info(u32 pid, u32 status);

/* T has been stopped or goes on (T->news): its parent, if it wants to know, gets SIGCHLD, and is woken if it waits. */
void signal_send_parent_news(const struct task *t);

/* To every task of the group. SIGNAL 0: to nobody. => number of tasks in it */
u32 signal_send_group(u32 pgid, u32 signal, struct signal_info info);

/* => SIGNAL would do nothing to T if it were not blocked */
bool signal_is_ignored(const struct task *t, u32 signal);
/* => what would be taken now; and that part of it which would stop T */
u64 signal_due(const struct signals *s);
u64 signal_stopping(const struct task *t);

/* Something has changed in what is pending, blocked, awaited or done about a signal: for the files of this folder. */
void signal_changed(struct task *t);

/* As the processor's answer to what the current task did: if it is ignored or blocked it ends the task. */
void signal_force(u32 signal, struct signal_info info);

/* => a handler will run if SIGNAL is forced now */
bool signal_has_handler(u32 signal);

/* => the one of AMONG that is to be taken first, no longer pending, and what is told of it; 0: none is pending */
u32 signal_take(u64 among, struct signal_info *info);

/* The current task blocks exactly MASK, but for what cannot be blocked. */
void signal_set_blocked(u64 mask);

/*
 * The current task blocks MASK while it waits, as sigsuspend wants it. The mask of before comes back when the wait is over
 * (signal_bring_back()); if a handler ended it, when that returns, for which nothing is to be called.
 */
void signal_put_aside(u64 mask);
void signal_bring_back(void);

/* These interrupt the current task's sleeps, though they may be blocked or ignored, and end it only afterwards. */
void signal_set_awaited(u64 mask);

/* Puts another action in place of SIGNAL's; if it is to ignore, what was pending is forgotten. */
void signal_set_action(u32 signal, const struct signal_action *action);

/* => the signal that ends the current task, which is killed */
u32 signal_fatal(void);

/* A new task inherits all but what is pending. */
void signal_fork(struct signals *child, const struct signals *parent);
/* The current task is a new program, which has no handlers; what is ignored, blocked or pending stays so. */
void signal_exec(void);
/* The current task ends: no signal reaches it or interrupts its sleeps any more. */
void signal_end(void);

/* Which signals are ignored by order, and which have handlers. */
u64 signal_ignored(const struct signals *s);
u64 signal_caught(const struct signals *s);
