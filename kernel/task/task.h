/*
 * Tasks: what is scheduled and owns one address space, and what each of them consists of; their numbers and family tree.
 *
 * What a task goes through, from fork to exit, is kernel/lifecycle's.
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

/* The last resolved page fault: the counts of calls and switches at that time, and how often it has come back at once. */
struct fault_place {
	u32 address, eip, calls;
	u64 switches;
	u32 times;
};

/*
 * A task's alarms (kernel/signal/itimer.c), by the time that they measure: the machine's, the task's in user mode, all of
 * the task's. These are numbered as on Linux; ITIMER_LIMIT measures all of the task's time too, for RLIMIT_CPU.
 */
enum itimer_kind { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF, ITIMER_LIMIT, ITIMERS };

struct itimer {
	struct list link;
	struct task *task;
	enum itimer_kind kind;
	u64 deadline;    /* ns of its kind of time at the next alarm; linked only while there is one */
	u64 interval_ns; /* from one alarm to the next; 0: there is only one */
};

/* [START, END) of a task's memory. */
struct user_range {
	vaddr_t start, end;
};

struct task {
	struct thread thread;
	u32 pid, pgid, sid;
	struct task *parent;        /* NULL for the first program and kernel threads */
	struct list children, sibling, all;
	struct task *lender, *borrower; /* vfork: whose space this task runs in; who runs in this one's meanwhile */
	struct waitq space_back;
	struct addrspace *as;       /* NULL: a kernel thread, or ended */
	struct fs_context *fs;      /* descriptors and working directory (kernel/fs) */
	struct trapframe *tf;       /* the user's registers, at the top of the kernel stack */
	struct signals *signals;
	struct itimer itimers[ITIMERS];
	struct schedule schedule;
	struct limit limits[LIMITS];
	u32 death_signal;           /* sent to it when its parent ends; 0: none */
	bool subreaper;             /* inherits orphans among its descendants, as the first program does */
	bool no_new_privileges, not_dumpable; /* for prctl(2) */
	u32 barriers;               /* for membarrier(2): which it has registered for */
	u32 groups;                 /* for getgroups(2): how many, all of root */
	u32 end_signal;             /* its parent gets it when this task ends: SIGCHLD, or what clone(2) was asked for; 0: none */
	bool exiting, zombie, unwanted; /* unwanted: a zombie for which nobody will wait */
	bool stopped;               /* it sleeps on `resumed` until SIGCONT comes */
	bool adopted;               /* reparented: its parent is not its creator */
	u32 wait_status;            /* as wait() reports it */
	u32 news;                   /* the same of a stop or its end that was not waited for yet; 0: nothing */
	struct waitq child_changed, resumed;
	char name[TASK_NAME_MAX];
	char command[TASK_COMMAND_MAX]; /* /proc/PID/cmdline: arguments, each ended by NUL */
	u32 command_length;
	struct user_range environment, auxiliary; /* where exec wrote them: /proc/PID/environ, auxv */
	s32 oom_adjust;             /* /proc/PID/oom_score_adj: -OOM_ADJUST_MAX to OOM_ADJUST_MAX */
	u64 started_ns;             /* clock_ns() at start */
	u64 child_ns, child_user_ns; /* processor time of waited-for children, and how much of it was in user mode */
	u32 min_faults, maj_faults, child_min_faults, child_maj_faults; /* of ended programs and children */
	u32 peak, child_peak;       /* the most pages resident at a time: of ended programs, of any waited-for descendant */
	vaddr_t robust_list;        /* set_robust_list(): head of the program's list of locks; 0: none */
	vaddr_t cleared_number;     /* set_tid_address(): a word to be cleared when it leaves memory that others use; 0: none */
	struct fault_place last_fault;
	u32 stack_slot;             /* which kernel stack */
	struct swapping swap;
};

extern struct list task_all;    /* linked by `all`, in the order of creation */

static inline struct task *task_current(void)
{
	return container_of(thread_current(), struct task, thread);
}

struct task *task_find(u32 pid); /* zombies included; NULL */
/* => one of the process group and in the session (0: in any), zombies included; NULL: there is none */
const struct task *task_in_group(u32 pgid, u32 sid);
u32 task_count(void);

/* T gets a number and joins task_all, without a parent; leaves it again, when it has no children. */
void task_register(struct task *t);
void task_unregister(struct task *t);

void task_set_parent(struct task *child, struct task *parent);

/* From now on the task lives in AS (NULL: in the kernel only), which may be out as a whole; the processor is told. */
void task_enter_space(struct task *t, struct addrspace *as);
