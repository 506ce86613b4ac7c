/* A task's use of processor and memory in Linux's layouts, for getrusage(2), wait4(2) and times(2). */
#include "kernel/task/rusage.h"

#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/base/string.h"
#include "kernel/cpu/syscall.h"
#include "kernel/task/task.h"
#include "mm/addrspace.h"
#include "mm/usercopy.h"

#define KIB_PER_PAGE (PAGE_SIZE / 1024)

/* RUN_NS: processor time in total; USER_NS: the part in user mode. */
static void set_times(struct rusage *u, u64 run_ns, u64 user_ns)
{
	u32 rest;

	u->user_sec = (s32)div64(user_ns, NS_PER_SEC, &rest);
	u->user_usec = rest / 1000;
	u->system_sec = (s32)div64(run_ns - user_ns, NS_PER_SEC, &rest);
	u->system_usec = rest / 1000;
}

/* Adds T's own use, without its children. */
static void add_own(const struct task *t, struct rusage *u)
{
	u->minor_faults += t->min_faults + (t->as ? t->as->minor_faults : 0);
	u->major_faults += t->maj_faults + (t->as ? t->as->major_faults : 0);
	u->max_rss = MAX(u->max_rss, MAX(t->peak, t->as ? pagetable_peak(&t->as->pagetable) : 0) * KIB_PER_PAGE);
	u->voluntary_switches = t->thread.sleeps;
	u->involuntary_switches = t->thread.yields;
}

static void rusage_of(const struct task *t, struct rusage *u)
{
	memset(u, 0, sizeof(*u));
	set_times(u, thread_run_ns(&t->thread), thread_user_ns(&t->thread));
	add_own(t, u);
}

static void rusage_of_children(const struct task *t, struct rusage *u)
{
	memset(u, 0, sizeof(*u));
	set_times(u, t->child_ns, t->child_user_ns);
	u->minor_faults = t->child_min_faults;
	u->major_faults = t->child_maj_faults;
	u->max_rss = t->child_peak * KIB_PER_PAGE;
}

void rusage_of_all(const struct task *t, struct rusage *u)
{
	rusage_of_children(t, u);
	set_times(u, thread_run_ns(&t->thread) + t->child_ns, thread_user_ns(&t->thread) + t->child_user_ns);
	add_own(t, u);
}

enum { RUSAGE_SELF = 0, RUSAGE_CHILDREN = -1, RUSAGE_THREAD = 1 };

SYSCALL(getrusage)
{
	struct rusage u;

	switch ((s32)arg[0]) {
	case RUSAGE_SELF:
	case RUSAGE_THREAD:
		rusage_of(task_current(), &u);
		break;
	case RUSAGE_CHILDREN:
		rusage_of_children(task_current(), &u);
		break;
	default:
		return -EINVAL;
	}
	return usercopy_out(arg[1], &u, sizeof(u));
}

/* arg: address of struct tms: user and system time, own and of children; 0: none. => ticks since boot */
SYSCALL(times)
{
	const struct task *t = task_current();
	u64 user_ns = thread_user_ns(&t->thread);
	const u64 ns[4] = { user_ns, thread_run_ns(&t->thread) - user_ns, t->child_user_ns, t->child_ns - t->child_user_ns };
	u32 ticks[4];

	for (u32 i = 0; i < ARRAY_LEN(ticks); i++)
		ticks[i] = (u32)div64(ns[i], NS_PER_TICK, NULL);
	if (arg[0] && usercopy_out(arg[0], ticks, sizeof(ticks)))
		return -EFAULT;
	return (s32)div64(clock_ns(), NS_PER_TICK, NULL);
}
