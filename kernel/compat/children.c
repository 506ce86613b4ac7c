/*
 * waitid: wait4 with other words, and more to choose.
 *
 * As on Linux the siginfo is written whatever comes of it, with zeros if there is nothing to tell.
 *
 * Source: waitid(2).
 */
#include "kernel/lifecycle.h"
#include "kernel/signal_frame.h"
#include "kernel/syscall.h"
#include "kernel/wait_child.h"
#include "mm/usercopy.h"

enum { P_ALL = 0, P_PID = 1, P_PGID = 2, P_PIDFD = 3 };
#define KINDS (WEXITED | WUNTRACED | WCONTINUED)

/* The part of a siginfo that is told. */
struct child_info {
	s32 signal, error, code;
	u32 pid, uid, status;
};

/* => 0; -EINVAL, -EBADF */
static int choose(struct wait_wish *wish, u32 kind, s32 number)
{
	wish->number = number;
	switch (kind) {
	case P_ALL:
		wish->who = WAIT_ANY;
		return 0;
	case P_PID:
		wish->who = WAIT_PID;
		return number > 0 ? 0 : -EINVAL;
	case P_PGID:
		wish->who = WAIT_GROUP;
		if (!number)
			wish->number = task_current()->pgid;
		return number >= 0 ? 0 : -EINVAL;
	case P_PIDFD:
		return number >= 0 ? -EBADF : -EINVAL; /* no descriptor is one */
	default:
		return -EINVAL;
	}
}

static void describe(struct child_info *info, u32 pid, u32 status)
{
	*info = (struct child_info){ .signal = SIGCHLD, .pid = pid, .status = status >> 8 };
	if (status == WAIT_STATUS_CONTINUED) {
		info->code = CLD_CONTINUED;
		info->status = SIGCONT;
	} else if ((status & 0x7F) == 0x7F) {
		info->code = CLD_STOPPED;
	} else if (status & 0x7F) {
		info->code = CLD_KILLED;
		info->status = status & 0x7F;
	} else {
		info->code = CLD_EXITED;
	}
}

SYSCALL(waitid)
{
	struct wait_wish wish = { .options = arg[3] & ~WAIT_ANY_KIND };
	struct child_info info = { 0 };
	struct wait_news news;
	s32 found = 0;

	if ((arg[3] & ~(WNOHANG | WNOWAIT | KINDS | WAIT_ANY_KIND)) || !(arg[3] & KINDS))
		found = -EINVAL;
	if (!found)
		found = choose(&wish, arg[0], arg[1]);
	if (!found)
		found = wait_child(&wish, &news);
	if (found > 0) {
		describe(&info, found, news.status);
		if (arg[4] && usercopy_out(arg[4], &news.usage, sizeof(news.usage)))
			return -EFAULT;
	}
	if (arg[2] && usercopy_out(arg[2], &info, sizeof(info)))
		return -EFAULT;
	return MIN(found, 0);
}
