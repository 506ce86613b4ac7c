/*
 * System calls of the scheduler. kernel/task/schedule.c implements what they set. There is one processor, so an
 * affinity mask contains only that.
 *
 * Sources: sched_setscheduler(2), sched_setparam(2), sched_get_priority_max(2), sched_rr_get_interval(2),
 * sched_setaffinity(2), getpriority(2), nice(2).
 */
#include "kernel/task/schedule.h"

#include "kernel/base/clock.h"
#include "kernel/cpu/syscall.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

#define SCHED_RESET_ON_FORK 0x40000000u

static bool is_real_time(u32 policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool is_policy(u32 policy)
{
	return is_real_time(policy) || policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

/* => 0 and in *T the task with number PID (0: the caller); -EINVAL, -ESRCH */
static int named(s32 pid, struct task **t)
{
	if (pid < 0)
		return -EINVAL;
	*t = pid ? task_find(pid) : task_current();
	return *t ? 0 : -ESRCH;
}

/* --- policies ------------------------------------------------------------------------------------------------------- */

static s32 set_policy(struct task *t, u32 policy, u32 priority, bool reset_on_fork)
{
	struct schedule s = t->schedule;

	if (!is_policy(policy) || (is_real_time(policy) ? priority < 1 || priority > THREAD_REALTIME_MAX : priority))
		return -EINVAL;
	if (!t->signals || !t->as)
		return t->zombie ? 0 : -EPERM; /* a thread of the kernel */
	s.policy = policy;
	s.priority = priority;
	s.reset_on_fork = reset_on_fork;
	schedule_set(t, &s);
	return 0;
}

/* arg: task, policy, address of the priority. */
SYSCALL(sched_setscheduler)
{
	struct task *t;
	u32 priority;
	int error;

	if (!arg[2] || (s32)arg[1] < 0)
		return -EINVAL;
	if ((s32)arg[0] < 0)
		return -EINVAL;
	if (usercopy_in(&priority, arg[2], sizeof(priority)))
		return -EFAULT;
	error = named(arg[0], &t);
	return error ? error : set_policy(t, arg[1] & ~SCHED_RESET_ON_FORK, priority, arg[1] & SCHED_RESET_ON_FORK);
}

SYSCALL(sched_setparam)
{
	struct task *t;
	u32 priority;
	int error;

	if (!arg[1] || (s32)arg[0] < 0)
		return -EINVAL;
	if (usercopy_in(&priority, arg[1], sizeof(priority)))
		return -EFAULT;
	error = named(arg[0], &t);
	return error ? error : set_policy(t, t->schedule.policy, priority, t->schedule.reset_on_fork);
}

SYSCALL(sched_getscheduler)
{
	struct task *t;
	int error = named(arg[0], &t);

	return error ? error : (s32)(t->schedule.policy | (t->schedule.reset_on_fork ? SCHED_RESET_ON_FORK : 0));
}

SYSCALL(sched_getparam)
{
	struct task *t;
	u32 priority;
	int error = arg[1] ? named(arg[0], &t) : -EINVAL;

	if (error)
		return error;
	priority = t->schedule.priority;
	return usercopy_out(arg[1], &priority, sizeof(priority));
}

SYSCALL(sched_get_priority_max)
{
	if (!is_policy(arg[0]))
		return -EINVAL;
	return is_real_time(arg[0]) ? THREAD_REALTIME_MAX : 0;
}

SYSCALL(sched_get_priority_min)
{
	if (!is_policy(arg[0]))
		return -EINVAL;
	return is_real_time(arg[0]);
}

/* WIDE: the timespec has 64-bit words. */
static s32 get_slice(const u32 *arg, bool wide)
{
	struct task *t;
	int error = named(arg[0], &t);
	u32 time[4] = { 0 };

	if (error)
		return error;
	time[wide ? 2 : 1] = schedule_slice_ns(&t->schedule);
	return usercopy_out(arg[1], time, wide ? 16 : 8);
}

SYSCALL(sched_rr_get_interval) { return get_slice(arg, false); }
SYSCALL(sched_rr_get_interval_time64) { return get_slice(arg, true); }

/* --- processors ----------------------------------------------------------------------------------------------------- */

SYSCALL(sched_getaffinity)
{
	u32 mask = 1;

	if (arg[1] < sizeof(mask) || arg[1] % sizeof(mask))
		return -EINVAL;
	if (arg[0] && !task_find(arg[0]))
		return -ESRCH;
	return usercopy_out(arg[2], &mask, sizeof(mask)) ? -EFAULT : (s32)sizeof(mask);
}

/* Bits of processors that do not exist are ignored; a mask without the existing one is refused. */
SYSCALL(sched_setaffinity)
{
	u32 mask = 0;

	if (usercopy_in(&mask, arg[2], MIN(arg[1], sizeof(mask))))
		return -EFAULT;
	if (arg[0] && !task_find(arg[0]))
		return -ESRCH;
	return mask & 1 ? 0 : -EINVAL;
}

SYSCALL(getcpu)
{
	const u32 zero = 0;

	for (u32 i = 0; i < 2; i++)
		if (arg[i] && usercopy_out(arg[i], &zero, sizeof(zero)))
			return -EFAULT;
	return 0;
}

/* --- nice values ---------------------------------------------------------------------------------------------------- */

enum { PRIO_PROCESS = 0, PRIO_GROUP = 1, PRIO_USER = 2 };

/* => true: KIND and WHO select T. WHO 0: the caller, its group, its user, of which there is one. */
static bool schedule_is_selected(const struct task *t, u32 kind, u32 who)
{
	const struct task *self = task_current();

	if (kind == PRIO_PROCESS)
		return t->pid == (who ? who : self->pid);
	if (kind == PRIO_GROUP)
		return t->pgid == (who ? who : self->pgid) && t->as;
	return !who && t->as;
}

static void set_nice(struct task *t, s32 nice)
{
	struct schedule s = t->schedule;

	s.nice = MIN(MAX(nice, NICE_MIN), NICE_MAX);
	schedule_set(t, &s);
}

/* => 20 minus the lowest nice value: 40 to 1, as the system call returns it */
SYSCALL(getpriority)
{
	const struct task *t;
	s32 best = -ESRCH;

	if (arg[0] > PRIO_USER)
		return -EINVAL;
	list_for_each(t, &task_all, all)
		if (schedule_is_selected(t, arg[0], arg[1]))
			best = MAX(best, NICE_MAX + 1 - t->schedule.nice);
	return best;
}

SYSCALL(setpriority)
{
	struct task *t;
	s32 result = -ESRCH;

	if (arg[0] > PRIO_USER)
		return -EINVAL;
	list_for_each(t, &task_all, all)
		if (schedule_is_selected(t, arg[0], arg[1])) {
			set_nice(t, arg[2]);
			result = 0;
		}
	return result;
}

SYSCALL(nice)
{
	s32 increment = MIN(MAX((s32)arg[0], 2 * NICE_MIN), -2 * NICE_MIN);

	set_nice(task_current(), task_current()->schedule.nice + increment);
	return 0;
}
