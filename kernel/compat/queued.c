/*
 * Signals with a siginfo of the sender's choice, and waiting for a signal without a handler: sigqueue(3),
 * sigtimedwait(2).
 *
 * As on Linux a task may send any siginfo to itself, and to other tasks any that does not look like the kernel's. Three
 * words of it are passed on: pid, uid, and the value.
 *
 * Sources: rt_sigqueueinfo(2), sigtimedwait(2).
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
	struct siginfo siginfo;

	if (usercopy_in(&siginfo, from, sizeof(siginfo)))
		return -EFAULT;
	if ((siginfo.code >= 0 || siginfo.code == SI_TKILL) && pid != task_current()->pid)
		return -EPERM;
	if (!t)
		return -ESRCH;
	if (signal > SIGNAL_MAX)
		return -EINVAL;
	if (!signal)
		return 0;
	return signal_send(t, signal, (struct signal_info){ siginfo.code, siginfo.pid, siginfo.uid, siginfo.status });
}

SYSCALL(rt_sigqueueinfo)
{
	return queue(arg[0], arg[1], arg[2]);
}

/* A task is a process of one thread, so both numbers are the same. */
SYSCALL(rt_tgsigqueueinfo)
{
	if ((s32)arg[0] <= 0 || (s32)arg[1] <= 0)
		return -EINVAL;
	return arg[0] == arg[1] ? queue(arg[1], arg[2], arg[3]) : -ESRCH;
}

/* --- awaiting -------------------------------------------------------------------------------------------------------- */

/*
 * => the signal of SET that was sent before DEADLINE; -EAGAIN: none; -EINTR: another signal came, or SIGCONT after a
 * stop
 */
static s32 await(u64 set, u64 deadline, struct signal_info *info)
{
	struct waitq never_woken = WAITQ_INIT(never_woken);
	enum wait_result woken = WAIT_TIMEOUT;
	u32 signal = signal_take(set, info);

	if (!signal && deadline > clock_ns()) {
		signal_set_awaited(set);
		woken = wait_on_until(&never_woken, deadline);
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
	struct siginfo siginfo;
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
	signal_frame_siginfo(&siginfo, signal, &info);
	return arg[1] && usercopy_out(arg[1], &siginfo, sizeof(siginfo)) ? -EFAULT : signal;
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
