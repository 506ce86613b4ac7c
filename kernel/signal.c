/*
 * Without handlers a signal that is not ignored either ends the task or does nothing. One that ends it makes every
 * killable sleep of the task end too, so that a task which waits for memory can be killed.
 */
#include "kernel/signal.h"

#include "kernel/base/errno.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/usercopy.h"

#define BIT(signal) (1ull << ((signal) - 1))

/* Signals whose default is to do nothing. Stopping is not supported: job control ends here. */
#define DEFAULT_IGNORED                                                                              \
	(BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU) |   \
	 BIT(SIGURG) | BIT(SIGWINCH))

void signal_send(struct task *t, u32 signal)
{
	u64 bit = BIT(signal);

	if (t->zombie || t->exiting || !t->as || (bit & DEFAULT_IGNORED))
		return;
	if ((bit & t->ignored) && signal != SIGKILL)
		return;
	t->pending |= bit;
	if (signal == SIGKILL || !(bit & t->blocked))
		thread_kill(&t->thread);
}

u32 signal_send_group(u32 pgid, u32 signal)
{
	struct task *t;
	u32 n = 0;

	list_for_each(t, &task_all, all) {
		if (t->pgid != pgid || t->zombie)
			continue;
		if (signal)
			signal_send(t, signal);
		n++;
	}
	return n;
}

void signal_force(u32 signal)
{
	struct task *t = task_current();

	t->ignored &= ~BIT(signal);
	t->blocked &= ~BIT(signal);
	signal_send(t, signal);
}

u32 signal_fatal(void)
{
	struct task *t = task_current();
	u64 due = t->pending & (~t->blocked | BIT(SIGKILL));

	if (due & BIT(SIGKILL))
		return SIGKILL;
	for (u32 signal = 1; signal <= SIGNAL_MAX; signal++)
		if (due & BIT(signal))
			return signal;
	return 0;
}

/* --- calls ------------------------------------------------------------------------------------------------------- */

SYSCALL(kill)
{
	s32 pid = arg[0];
	u32 signal = arg[1];
	struct task *t;

	if (signal > SIGNAL_MAX)
		return -EINVAL;
	if (pid == -1)
		return -EPERM; /* everybody at once: nobody here may */
	if (pid <= 0)
		return signal_send_group(pid ? (u32)-pid : task_current()->pgid, signal) ? 0 : -ESRCH;
	t = task_find(pid);
	if (!t)
		return -ESRCH;
	if (signal)
		signal_send(t, signal);
	return 0;
}

/* struct sigaction of rt_sigaction(2) on i386: handler, flags, restorer, mask of 64 bits. */
struct sigaction {
	u32 handler, flags, restorer;
	u32 mask[2];
};
enum { SIG_DFL = 0, SIG_IGN = 1 };

/* SIG_DFL and SIG_IGN; handlers are refused. */
SYSCALL(rt_sigaction)
{
	struct task *t = task_current();
	u32 signal = arg[0];
	struct sigaction new, old = { 0 };

	if (signal < 1 || signal > SIGNAL_MAX || arg[3] != sizeof(u64))
		return -EINVAL;
	old.handler = t->ignored & BIT(signal) ? SIG_IGN : SIG_DFL;
	if (arg[1]) {
		if (signal == SIGKILL || signal == SIGSTOP)
			return -EINVAL;
		if (usercopy_in(&new, arg[1], sizeof(new)))
			return -EFAULT;
		if (new.handler > SIG_IGN)
			return -ENOSYS;
	}
	if (arg[2] && usercopy_out(arg[2], &old, sizeof(old)))
		return -EFAULT;
	if (!arg[1])
		return 0;
	if (new.handler == SIG_IGN) {
		t->ignored |= BIT(signal);
		t->pending &= ~BIT(signal);
	} else {
		t->ignored &= ~BIT(signal);
	}
	return 0;
}

enum { SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2 };

SYSCALL(rt_sigprocmask)
{
	struct task *t = task_current();
	u64 old = t->blocked, set = 0;

	if (arg[3] != sizeof(u64))
		return -EINVAL;
	if (arg[1] && usercopy_in(&set, arg[1], sizeof(set)))
		return -EFAULT;
	if (arg[1] && arg[0] > SIG_SETMASK)
		return -EINVAL;
	if (arg[2] && usercopy_out(arg[2], &old, sizeof(old)))
		return -EFAULT;
	if (!arg[1])
		return 0;
	set &= ~(BIT(SIGKILL) | BIT(SIGSTOP));
	t->blocked = arg[0] == SIG_BLOCK ? old | set : arg[0] == SIG_UNBLOCK ? old & ~set : set;
	if (signal_fatal())
		thread_kill(&t->thread);
	return 0;
}
