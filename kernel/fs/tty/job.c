/*
 * Job control at the terminal.
 *
 * There is one terminal, which all sessions share. When the foreground group has no member left, the next group that
 * asks gets the terminal: programs need not know of job control.
 *
 * Source: POSIX, "General Terminal Interface", "Process Groups" and "Terminal Access Control".
 */
#include "kernel/fs/tty/job.h"

#include "kernel/base/errno.h"
#include "kernel/cpu/syscall.h"
#include "kernel/signal/signal.h"
#include "kernel/signal/stop.h"
#include "kernel/task/task.h"

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

static bool tty_job_in_background(void)
{
	if (task_current()->pgid == foreground)
		return false;
	if (foreground && signal_send_group(foreground, 0, (struct signal_info){ 0 }))
		return true; /* somebody is left there */
	tty_job_seize();
	return false;
}

/* A task that blocks or ignores the signal may change the terminal, but not read from it. */
int tty_job_check(u32 signal)
{
	struct task *t = task_current();

	if (!tty_job_in_background())
		return 0;
	if ((t->signals->blocked & SIGNAL_BIT(signal)) || signal_is_ignored(t, signal))
		return signal == SIGTTIN ? -EIO : 0;
	if (signal_stop_is_orphaned(t->pgid, NULL))
		return -EIO;
	signal_send_group(t->pgid, signal, (struct signal_info){ .code = SI_KERNEL });
	return -ERESTART;
}

int tty_job_give(u32 pgid)
{
	int error = tty_job_check(SIGTTOU);

	if (error)
		return error == -EIO ? -ENOTTY : error;
	if ((s32)pgid < 0)
		return -EINVAL;
	if (!task_in_group(pgid, task_current()->sid))
		return task_in_group(pgid, 0) ? -EPERM : -ESRCH;
	foreground = pgid;
	return 0;
}
