/*
 * Threads: a kernel stack, a saved context and a state; the scheduler that picks the next; sleep and wakeup.
 *
 * A thread knows nothing of tasks: the page directory to load is a number here, and kernel/task.c embeds a thread
 * in each task. The kernel is not preemptible: a thread runs until it sleeps, yields or returns to user mode, where
 * the timer may take the processor away at the end of its slice.
 */
#pragma once

#include "kernel/base/list.h"
#include "kernel/base/wait.h"

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_SLEEPING, THREAD_DEAD };

#define THREAD_SEGMENTS 3

struct thread {
	void *sp;              /* saved stack pointer while not running */
	void *stack_top;       /* where traps from user mode begin (TSS.esp0) */
	paddr_t cr3;           /* directory to load; 0: any will do (kernel threads) */
	enum thread_state state;
	bool urgent;           /* runs before all others: the daemons that others wait for */
	bool summoned;         /* has something to do on its way back to user mode */
	bool killed;           /* must die: killable sleeps end at once */
	bool signalled;        /* has a signal to take: interruptible sleeps end at once */
	bool sleep_killable, sleep_interruptible;
	enum wait_result woken_by;
	u64 deadline;          /* clock_ns() at which a sleep ends, or WAIT_FOREVER */
	u64 slice_end;         /* clock_ns() at which its slice ends */
	u64 run_ns;            /* processor time so far */
	u64 run_since;
	u32 sleeps, yields;    /* how often it waited for something, and let others run though it had not to */
	struct list link;      /* in the run queue or a wait queue */
	struct list timed;     /* in the list of sleepers with a deadline */
	u64 segments[THREAD_SEGMENTS]; /* descriptors of its own (thread-local storage); 0: none */
	void *fpu;             /* 512 bytes, 16-aligned, or NULL: uses no floating point */
	void (*entry)(void *);
	void *argument;
	const char *name;
};

struct thread *thread_current(void);

/*
 * Makes the code that runs now, on the boot stack, the idle thread. ENTER tells the processor what it must know of a
 * thread that is about to run.
 */
void thread_init(void (*enter)(const struct thread *t));

/* Something is to be done before the way back to user mode: yield, die, a signal. Read by trap.S. */
extern volatile u8 thread_work_pending;

/*
 * Prepares T to run ENTRY(ARGUMENT) on the stack that ends at STACK_TOP, leaving the RESERVED bytes at its top alone
 * (a trap frame); not yet ready to run. Everything else in *T is zeroed. ENTRY must end by thread_exit().
 */
void thread_prepare(struct thread *t, const char *name, void *stack_top, u32 reserved, void (*entry)(void *),
		    void *argument);
void thread_ready(struct thread *t);

/* Lets others run. The thread stays ready. */
void thread_yield(void);

/* Ends the current thread for ever. Its stack may be freed once another thread runs. */
void thread_exit(void) NORETURN;

/* T must die: ends its killable and interruptible sleeps, now and from now on. */
void thread_kill(struct thread *t);

/* T has a signal to take on its way to user mode: ends its interruptible sleeps until `signalled` is false again. */
void thread_signal(struct thread *t);

/* Is the current thread's slice over while others are ready? Asked on the way back to user mode. */
bool thread_should_yield(void);

/* The timer interrupt: wakes the sleepers whose time has come, arms the timer anew. */
void thread_timer_tick(void);

/* Idle loop of the boot thread; never returns. */
void thread_idle(void) NORETURN;

/* Puts the current thread, whose state was changed and which was queued somewhere, aside. For wait.c. */
void thread_block(void);
/* A sleeper goes on: taken out of its queues and made ready. For wait.c. */
void thread_wake(struct thread *t, enum wait_result why);
/* The current thread will be woken at its deadline. For wait.c. */
void thread_set_deadline(u64 deadline);

/*
 * Alarms that are no sleeper's: called by the timer interrupt with the time; => when it wants to be called next, or
 * WAIT_FOREVER. NULL: nobody has any.
 */
extern u64 (*thread_alarms)(u64 now);
/* There is one at DEADLINE now. */
void thread_arm(u64 deadline);

/* For checking builds: called at each switch, when all state must be consistent. NULL: nobody looks. */
extern void (*thread_check)(void);

/* Time that the idle thread has had. */
u64 thread_idle_ns(void);

/* Number of switches since boot (for /proc/stat). */
u64 thread_switches(void);

/* ... and how many of them were to another address space than the loaded one. */
u32 thread_directory_loads(void);
