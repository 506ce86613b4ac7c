/*
 * Signals with something to say: sent by sigqueue(3), awaited by sigtimedwait(2).
 *
 * As on Linux a task may claim any origin to itself, and to others any but the kernel's. Of what it says three words go
 * with the signal: its number, its user's, a value.
 */
#include "kernel/base/clock.h"
#include "kernel/cpu/syscall.h"
#include "kernel/signal/frame.h"
#include "kernel/task/deadline.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

/* --- sending --------------------------------------------------------------------------------------------------------- */

static s32 queue(u32 pid, u32 signal, vaddr_t from)
{
	struct task *t = task_find(pid);
	struct siginfo told;

	if (usercopy_in(&told, from, sizeof(told)))
		return -EFAULT;
	if ((told.code >= 0 || told.code == SI_TKILL) && pid != task_current()->pid)
		return -EPERM;
	if (!t)
		return -ESRCH;
	if (signal > SIGNAL_MAX)
		return -EINVAL;
	if (!signal)
		return 0;
	return signal_send(t, signal, (struct signal_info){ told.code, told.pid, told.uid, told.status });
}

SYSCALL(rt_sigqueueinfo)
{
	return queue(arg[0], arg[1], arg[2]);
}

/* A task is a process of one thread, so both numbers are its. */
SYSCALL(rt_tgsigqueueinfo)
{
	if ((s32)arg[0] <= 0 || (s32)arg[1] <= 0)
		return -EINVAL;
	return arg[0] == arg[1] ? queue(arg[1], arg[2], arg[3]) : -ESRCH;
}

/* --- awaiting -------------------------------------------------------------------------------------------------------- */

/* => the signal of SET that has come before DEADLINE; -EAGAIN: none has; -EINTR: another has, or a stop is over */
static s32 await(u64 set, u64 deadline, struct signal_info *info)
{
	struct waitq nobody = WAITQ_INIT(nobody);
	enum wait_result woken = WAIT_TIMEOUT;
	u32 signal = signal_take(set, info);

	if (!signal && deadline > clock_ns()) {
		signal_set_awaited(set);
		woken = wait_on_until(&nobody, deadline);
		signal = signal_take(set, info);
		signal_set_awaited(0);
	}
	if (signal)
		return signal;
	return woken == WAIT_TIMEOUT ? -EAGAIN : -EINTR;
}

static s32 await_call(const u32 *arg, int (*span)(vaddr_t time, u64 *deadline))
{
	struct signal_info info;
	struct siginfo told;
	u64 set, deadline;
	s32 signal;
	int error;

	if (arg[3] != sizeof(set))
		return -EINVAL;
	if (usercopy_in(&set, arg[0], sizeof(set)))
		return -EFAULT;
	error = span(arg[2], &deadline);
	if (error)
		return error;
	signal = await(set & ~SIGNAL_UNBLOCKABLE, deadline, &info);
	if (signal < 0)
		return signal;
	signal_frame_siginfo(&told, signal, &info);
	return arg[1] && usercopy_out(arg[1], &told, sizeof(told)) ? -EFAULT : signal;
}

static int narrow(vaddr_t time, u64 *deadline)
{
	return deadline_in(time, deadline);
}

SYSCALL(rt_sigtimedwait)
{
	return await_call(arg, narrow);
}

SYSCALL(rt_sigtimedwait_time64)
{
	return await_call(arg, deadline_in_wide);
}
