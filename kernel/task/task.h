/*
 * Tasks: a task is a thread with one address space, which Linux calls a process of one thread. struct task, and the
 * list and family tree of all tasks.
 *
 * This folder holds a task's state and what can be asked of it. How that state changes from fork through exec to exit
 * is in kernel/lifecycle, above signals and files.
 *
 * Invariants: each task is in task_all, in the list of its process group, and under its number from task_register() to
 * task_unregister(). Only the first program and kernel threads have no parent. A zombie has neither address space nor files.
 */
#pragma once

#include "kernel/base/thread.h"
#include "kernel/task/limit.h"
#include "kernel/task/schedule.h"
#include "kernel/task/swapping.h"

struct addrspace;
struct fs_context;
struct signals;
struct trapframe;

#define TASK_NAME_MAX 16
#define TASK_PID_MAX 32768u
#define TASK_COMMAND_MAX 128

/*
 * The last resolved page fault: the counts of calls and switches at that time, and how often it has recurred at once.
 */
struct fault_place {
	u32 address, eip, calls;
	u64 switches;
	u32 times;
};

/* The last fault of a task that has a resident limit: the registers, and how often it has faulted with just these. */
struct fault_attempt {
	u32 registers[9];
	u32 times;
};

/*
 * A task's interval timers (kernel/signal/itimer.c), by the time that they measure: real time, the task's time in user
 * mode, all its processor time. These are numbered as on Linux; ITIMER_LIMIT measures all its processor time too, for
 * RLIMIT_CPU.
 */
enum itimer_kind { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF, ITIMER_LIMIT, ITIMERS };

struct itimer {
	struct list link;
	struct task *task;
	enum itimer_kind kind;
	u64 deadline;    /* of the next alarm, in ns of its kind of time; linked only while one is set */
	u64 interval_ns; /* from one alarm to the next; 0: only one */
};

/* A range of addresses, [START, END). */
struct user_range {
	vaddr_t start, end;
};

struct task {
	struct thread thread;
	u32 pid, pgid, sid;
	struct task *parent;        /* NULL for the first program and kernel threads */
	struct list children, sibling, all;
	struct list group;          /* the tasks of its process group, and of some others */
	struct task *lender, *borrower; /* vfork: the parent whose space this task runs in; the child that runs in this one's */
	struct waitq space_back;    /* a lender sleeps on it until its borrower has left the space */
	struct addrspace *as;       /* NULL: a kernel thread, or ended */
	struct fs_context *fs;      /* descriptors and working directory (kernel/fs) */
	struct trapframe *tf;       /* the user's registers, at the top of the kernel stack */
	struct signals *signals;
	struct itimer itimers[ITIMERS];
	struct schedule schedule;
	struct limit limits[LIMITS];
	u32 death_signal;           /* sent to it when its parent ends; 0: none */
	bool subreaper;             /* orphaned descendants are reparented to it, as otherwise to the first program */
	bool no_new_privileges, not_dumpable; /* for prctl(2) */
	u32 barriers;               /* for membarrier(2): the commands that it has registered for */
	u32 groups;                 /* for getgroups(2): the number of supplementary groups, all of root */
	u32 exit_signal;             /* sent to its parent when it ends: SIGCHLD, or the signal given to clone(2); 0: none */
	bool exiting, zombie;
	bool unwanted;              /* a zombie that no task will wait for: the first among its parent's children */
	bool stopped;               /* it sleeps on `resumed` until SIGCONT */
	bool adopted;               /* reparented: its parent is not its creator */
	u32 wait_status;            /* how it ended, as wait() reports it */
	u32 stop_status;            /* how it last stopped or continued, not yet reported by wait(); 0: nothing to report */
	struct waitq child_changed, resumed;
	char name[TASK_NAME_MAX];
	char command[TASK_COMMAND_MAX]; /* /proc/PID/cmdline: arguments, each ended by NUL */
	u32 command_length;
	struct user_range environment, auxiliary; /* where exec wrote them: /proc/PID/environ, auxv */
	s32 oom_adjust;             /* /proc/PID/oom_score_adj: -OOM_ADJUST_MAX to OOM_ADJUST_MAX */
	u64 started_ns;             /* clock_ns() at start */
	u64 child_ns, child_user_ns; /* processor time of waited-for children: total, and in user mode */
	u32 min_faults, maj_faults, child_min_faults, child_maj_faults; /* of its earlier programs; of waited-for children */
	u32 peak, child_peak;       /* the most pages resident at a time: of earlier programs, of any waited-for descendant */
	vaddr_t robust_list;        /* set_robust_list(): head of the program's list of locks; 0: none */
	vaddr_t clear_tid;     /* set_tid_address(): a word to be cleared when it leaves a shared space; 0: none */
	struct fault_place last_fault;
	struct fault_attempt last_attempt;
	u32 stack_slot;             /* which kernel stack */
	struct swapping swap;
};

extern struct list task_all;    /* linked by `all`, in the order of creation */

static inline struct task *task_current(void)
{
	return container_of(thread_current(), struct task, thread);
}

/* => the task with number PID, which may be a zombie; NULL: there is none */
struct task *task_find(u32 pid);
/* => the task with the lowest number from PID on, as task_find() */
struct task *task_find_from(u32 pid);

/* Process groups: the members of PGID are in this list, linked by `group`; others may be in it too. */
struct list *task_group(u32 pgid);
void task_set_group(struct task *t, u32 pgid);
/* => a task of process group PGID in session SID (0: in any), which may be a zombie; NULL: there is none */
const struct task *task_in_group(u32 pgid, u32 sid);
/* => number of tasks, including zombies and kernel threads */
u32 task_count(void);

/* Gives T a number and adds it to task_all, without a parent. => false: out of memory */
bool task_register(struct task *t) MUST_CHECK;
/* Removes T, which has no children, from task_all and from its parent's children. */
void task_unregister(struct task *t);

/* Sets T's name, cut to what fits. */
void task_set_name(struct task *t, const char *name);

/* PARENT may be NULL. */
void task_set_parent(struct task *child, struct task *parent);

/* T runs in AS (NULL: in the kernel only), which may be swapped out as a whole. Loads CR3 if T is the current task. */
void task_enter_space(struct task *t, struct addrspace *as);
