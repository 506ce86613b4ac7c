/*
 * Job control at the terminal.
 *
 * There is one terminal, and it is every session's. A group of which nobody is left in the foreground has lost it to whoever
 * asks next: programs need not know of job control.
 *
 * Source: POSIX, "General Terminal Interface", "Process Groups" and "Terminal Access Control".
 */
#include "kernel/fs/tty_job.h"

#include "kernel/base/errno.h"
#include "kernel/signal.h"
#include "kernel/signal_stop.h"
#include "kernel/syscall.h"
#include "kernel/task.h"

static u32 foreground;

u32 tty_job_foreground(void)
{
	return foreground;
}

void tty_job_seize(void)
{
	foreground = task_current()->pgid;
}

void tty_job_raise(u32 signal)
{
	if (foreground)
		signal_send_group(foreground, signal, (struct signal_info){ .code = SI_KERNEL });
}

/* Is anybody left in the foreground group? */
static bool tty_job_foreground_lives(void)
{
	struct task *t;

	list_for_each(t, &task_all, all)
		if (t->pgid == foreground && !t->zombie)
			return true;
	return false;
}

static bool tty_job_in_background(void)
{
	if (task_current()->pgid == foreground)
		return false;
	if (foreground && tty_job_foreground_lives())
		return true;
	tty_job_seize();
	return false;
}

/* Who does not let itself be stopped may change the terminal, but not read from it. */
int tty_job_check(u32 signal)
{
	struct task *t = task_current();

	if (!tty_job_in_background())
		return 0;
	if ((t->signals->blocked & SIGNAL_BIT(signal)) || signal_is_ignored(t, signal))
		return signal == SIGTTIN ? -EIO : 0;
	if (signal_stop_orphaned(t->pgid, NULL))
		return -EIO;
	signal_send_group(t->pgid, signal, (struct signal_info){ .code = SI_KERNEL });
	return -ERESTART;
}

/* => 0, -ESRCH, -EPERM */
static int tty_job_is_group(u32 pgid, u32 sid)
{
	const struct task *t;
	int result = -ESRCH;

	list_for_each(t, &task_all, all) {
		if (t->pgid == pgid && t->sid == sid)
			return 0;
		if (t->pgid == pgid)
			result = -EPERM;
	}
	return result;
}

int tty_job_give(u32 pgid)
{
	int error = tty_job_check(SIGTTOU);

	if (error)
		return error == -EIO ? -ENOTTY : error;
	if ((s32)pgid < 0)
		return -EINVAL;
	error = tty_job_is_group(pgid, task_current()->sid);
	if (!error)
		foreground = pgid;
	return error;
}
