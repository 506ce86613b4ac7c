/*
 * Threads: a kernel stack, a saved context and a state; switching; sleep and wakeup.
 *
 * A thread knows nothing of tasks: the page directory to load is a number here, and struct task (kernel/task/task.h)
 * contains a thread. The kernel is not preemptible: a thread runs until it sleeps, yields or returns to user mode,
 * where the timer may preempt it at the end of its slice.
 */
#pragma once

#include "kernel/base/cpu.h"
#include "kernel/base/list.h"
#include "kernel/base/wait.h"

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_SLEEPING, THREAD_DEAD };

#define THREAD_SEGMENTS 3

/* Priorities. Those between the first and the last are for real time. */
#define THREAD_ORDINARY 0
#define THREAD_REALTIME_MAX 99
#define THREAD_URGENT 100 /* the daemons that others wait for */

#define THREAD_SLICE_NS 10000000u

struct thread {
	void *sp;              /* saved stack pointer while not running */
	void *stack_top;       /* where traps from user mode begin (TSS.esp0) */
	paddr_t cr3;           /* directory to load; 0: any (kernel threads) */
	enum thread_state state;
	u8 priority;           /* the ready thread with the highest runs: THREAD_ORDINARY to THREAD_URGENT */
	u32 slice_ns;          /* how long it runs while others of its priority are ready; 0: until it sleeps */
	bool return_work;      /* has work to do before it returns to user mode */
	bool killed;           /* must exit: killable sleeps end at once */
	bool signalled;        /* has a signal to take: interruptible sleeps end at once */
	bool sleep_killable, sleep_interruptible;
	enum wait_result woken_by;
	void (*before_sleep)(void); /* called by the thread when it is about to sleep or to end; NULL: nothing to do */
	u64 deadline;          /* clock_ns() at which a sleep ends, or WAIT_FOREVER */
	u64 slice_end;         /* clock_ns() at which its slice ends */
	u64 run_ns;            /* processor time up to the last switch: read it by thread_run_ns() */
	u64 user_cycles;       /* time in user mode; of the current thread: thread_user_cycles */
	u64 run_since;
	u32 sleeps, yields;    /* how often it slept, and how often it was switched out while ready */
	struct list link;      /* in the run queue or a wait queue */
	u32 timed;             /* its place among the sleepers with a deadline, plus 1; 0: it has none (timed.c) */
	u64 segments[THREAD_SEGMENTS]; /* descriptors of its own (thread-local storage); 0: none */
	void *fpu;             /* 512 bytes, 16-aligned, or NULL: uses no floating point */
	void (*entry)(void *);
	void *argument;
	const char *name;
};

extern struct thread *thread_running; /* read it by thread_current() */

static inline struct thread *thread_current(void)
{
	return thread_running;
}

/*
 * The code that runs now, on the boot stack, becomes the idle thread. ENTER loads the processor's state for a thread
 * that is about to run: its kernel stack and segments.
 */
void thread_init(void (*enter)(const struct thread *t));

/* There is work to do before the return to user mode: yield, exit, take a signal. Read by cpu/trap.S. */
extern volatile u8 thread_work_pending;

/*
 * Prepares T to run ENTRY(ARGUMENT) on the stack that ends at STACK_TOP, below the RESERVED bytes at its top (a trap
 * frame). Zeroes everything else in *T. thread_ready() starts it; ENTRY must end with thread_exit().
 */
void thread_prepare(struct thread *t, const char *name, void *stack_top, u32 reserved, void (*entry)(void *),
		    void *argument);
void thread_ready(struct thread *t);

/* Sets T's priority and slice (struct thread). A ready T is queued behind the threads of its new priority. */
void thread_set_priority(struct thread *t, u32 priority, u32 slice_ns);

/* Lets other threads of the same priority run. The current thread stays ready. */
void thread_yield(void);

/* As thread_yield(), but a thread without slices is queued in front of the threads of its priority. */
void thread_preempt(void);

/* Ends the current thread. Its stack may be freed as soon as another thread runs. */
void thread_exit(void) NORETURN;

/* T must exit: ends its killable and interruptible sleeps, now and from now on. */
void thread_kill(struct thread *t);

/*
 * T has a signal to take before it returns to user mode: ends its interruptible sleeps until `signalled` is false
 * again.
 */
void thread_signal(struct thread *t);

/* => true: another thread should run. Asked on the way back to user mode. */
bool thread_should_yield(void);

/* The timer interrupt: wakes the sleepers whose deadline has passed and arms the timer again. */
void thread_timer_tick(void);

/* => processor time of T up to now, in user mode and in the kernel */
u64 thread_run_ns(const struct thread *t);

/* => processor time of T in user mode, up to its last entry into the kernel */
u64 thread_user_ns(const struct thread *t);

/*
 * The current thread has entered the kernel from user mode, or is about to return there; the two alternate. While the
 * thread is in the kernel, thread_user_cycles is its time in user mode in ticks of the counter. Every system call pays
 * for this, so it is one addition: thread_user_ns() converts to nanoseconds, and a switch stores the sum of one thread
 * and loads that of the next.
 */
extern u64 thread_user_cycles;

static inline void thread_enter_kernel(void)
{
	thread_user_cycles += cpu_tsc();
}

static inline void thread_leave_kernel(void)
{
	thread_user_cycles -= cpu_tsc();
}

/* The idle loop of the boot thread. */
void thread_idle(void) NORETURN;

/* Switches away from the current thread, whose new state and queue the caller has set. For wait.c. */
void thread_block(void);
/* Ends T's sleep: removes it from its queues and makes it ready. For wait.c. */
void thread_wake(struct thread *t, enum wait_result why);
/* The current thread, which is about to sleep, will be woken at DEADLINE. For wait.c. */
void thread_set_deadline(u64 deadline);

/*
 * Alarms that wake no sleeper (signal/itimer.c): the timer interrupt calls this with the current time. => the time of
 * the next call, or WAIT_FOREVER. NULL: there are no alarms.
 */
extern u64 (*thread_alarms)(u64 now);
/* Requests a timer interrupt at DEADLINE at the latest. */
void thread_arm(u64 deadline);

/* With check=always: called at each switch, when all state must be consistent. NULL: no check. */
extern void (*thread_check)(void);

/* => processor time of the idle thread */
u64 thread_idle_ns(void);

/* => number of switches since boot */
u64 thread_switches(void);

/* => number of switches since boot to another address space than the loaded one */
u32 thread_directory_loads(void);
