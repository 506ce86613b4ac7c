/*
 * waitid: wait4 with more options, and a siginfo as the result.
 *
 * As on Linux the siginfo is written even after an error, and is zero if no child has been reported.
 *
 * Source: waitid(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/lifecycle/wait.h"
#include "kernel/signal/frame.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

enum { P_ALL = 0, P_PID = 1, P_PGID = 2, P_PIDFD = 3 };
#define KINDS (WEXITED | WUNTRACED | WCONTINUED)
#define WRITTEN_BYTES offsetof(struct siginfo, user_ticks) /* the part of a siginfo that waitid writes */

/* Sets the tasks that ARGS select. => 0; -EINVAL, -EBADF */
static int choose(struct wait_args *args, u32 kind, s32 number)
{
	args->number = number;
	switch (kind) {
	case P_ALL:
		args->who = WAIT_ANY;
		return 0;
	case P_PID:
		args->who = WAIT_PID;
		return number > 0 ? 0 : -EINVAL;
	case P_PGID:
		args->who = WAIT_GROUP;
		if (!number)
			args->number = task_current()->pgid;
		return number >= 0 ? 0 : -EINVAL;
	case P_PIDFD:
		return number >= 0 ? -EBADF : -EINVAL; /* there are no such descriptors */
	default:
		return -EINVAL;
	}
}

SYSCALL(waitid)
{
	struct wait_args args = { .options = arg[3] & ~WAIT_NO_THREAD };
	struct siginfo siginfo = { 0 };
	struct signal_info info;
	struct wait_report report;
	s32 found = 0;

	if ((arg[3] & ~(WNOHANG | WNOWAIT | KINDS | WAIT_NO_THREAD | WAIT_ALL | WAIT_CLONE)) || !(arg[3] & KINDS))
		found = -EINVAL;
	if (!found)
		found = choose(&args, arg[0], arg[1]);
	if (!found)
		found = wait_child(&args, &report);
	if (found > 0) {
		info = signal_child_info(found, report.status);
		signal_frame_siginfo(&siginfo, SIGCHLD, &info);
		if (arg[4] && usercopy_out(arg[4], &report.usage, sizeof(report.usage)))
			return -EFAULT;
	}
	if (arg[2] && usercopy_out(arg[2], &siginfo, WRITTEN_BYTES))
		return -EFAULT;
	return MIN(found, 0);
}
