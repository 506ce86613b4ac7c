/*
 * System calls about tasks, time and the system that need only a few lines each.
 *
 * Sources: getpid(2), setpgid(2), nanosleep(2), uname(2), sysinfo(2), reboot(2).
 */
#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/filesystem.h"
#include "kernel/lifecycle/exit.h"
#include "kernel/lifecycle/uname.h"
#include "kernel/signal/stop.h"
#include "kernel/task/deadline.h"
#include "kernel/task/task.h"
#include "kernel/task/wait_status.h"
#include "mm/mm.h"
#include "mm/slot.h"

/* --- numbers ------------------------------------------------------------------------------------------------------- */

SYSCALL(getpid)
{
	(void)arg;
	return task_current()->pid;
}

SYSCALL(getppid)
{
	const struct task *parent = task_current()->parent;

	(void)arg;
	return parent ? parent->pid : 0;
}

SYSCALL(getpgrp)
{
	(void)arg;
	return task_current()->pgid;
}

/* => the task with number PID (0: the current task) if it is the current task or its child; else NULL */
static struct task *self_or_child(u32 pid)
{
	struct task *self = task_current();
	struct task *t = pid ? task_find(pid) : self;

	return t && (t == self || t->parent == self) ? t : NULL;
}

SYSCALL(getpgid)
{
	const struct task *t = arg[0] ? task_find(arg[0]) : task_current();

	return t ? (s32)t->pgid : -ESRCH;
}

SYSCALL(setpgid)
{
	struct task *t = self_or_child(arg[0]);
	u32 pgid = arg[1];

	if ((s32)pgid < 0)
		return -EINVAL;
	if (!t)
		return -ESRCH;
	if (!pgid)
		pgid = t->pid;
	if (t->sid == t->pid || t->sid != task_current()->sid)
		return -EPERM;
	if (pgid != t->pid && !task_in_group(pgid, t->sid))
		return -EPERM;
	task_set_group(t, pgid);
	return 0;
}

SYSCALL(sched_yield)
{
	(void)arg;
	thread_yield();
	return 0;
}

/* --- time ---------------------------------------------------------------------------------------------------------- */

SYSCALL(nanosleep)
{
	u64 deadline;
	int error = arg[0] ? deadline_in(arg[0], &deadline) : -EFAULT;

	if (error)
		return error;
	if (signal_stop_sleep(deadline))
		return 0;
	return deadline_rest(arg[1], NS_PER_SEC, deadline) ? -EFAULT : -EINTR;
}

/* --- the system ---------------------------------------------------------------------------------------------------- */

const char *const uname_words[UNAME_WORDS] = { "Linux", "shisho", "6.1.0-shisho", "Shisho", "i686", "(none)" };

SYSCALL(uname)
{
	char name[UNAME_WORDS][65] = { { 0 } };

	for (u32 i = 0; i < UNAME_WORDS; i++)
		strlcpy(name[i], uname_words[i], sizeof(name[i]));
	return usercopy_out(arg[0], name, sizeof(name));
}

/* struct sysinfo of sysinfo(2) on i386. */
struct sysinfo {
	s32 uptime;
	u32 loads[3];
	u32 total_ram, free_ram, shared_ram, buffer_ram, total_swap, free_swap;
	u16 procs, pad;
	u32 total_high, free_high, unit;
	char fill[8];
};
STATIC_ASSERT(sizeof(struct sysinfo) == 64, "as on Linux");

SYSCALL(sysinfo)
{
	struct sysinfo info = {
		.uptime = (s32)div64(clock_ns(), NS_PER_SEC, NULL),
		.total_ram = frame_total() - frame_count(FRAME_RESERVED),
		.free_ram = frame_count(FRAME_FREE),
		.buffer_ram = MIN(filesystem_usage(NULL).metadata, frame_count(FRAME_FILE)),
		.total_swap = slot_total(),
		.free_swap = slot_available(),
		.procs = task_count(),
		.unit = PAGE_SIZE,
	};

	return usercopy_out(arg[0], &info, sizeof(info));
}

enum { REBOOT_MAGIC1 = (s32)0xFEE1DEAD, REBOOT_MAGIC2 = 672274793 };
enum { RESTART = 0x01234567, HALT = (s32)0xCDEF0123, POWER_OFF = 0x4321FEDC, RESTART_WITH = (s32)0xA1B2C3D4 };

/*
 * All commands that end the system power the machine off; the others (Ctrl-Alt-Del, suspend, kexec) do not exist here.
 */
SYSCALL(reboot)
{
	s32 how = arg[2];

	if ((s32)arg[0] != REBOOT_MAGIC1 || arg[1] != REBOOT_MAGIC2)
		return -EINVAL;
	if (how != RESTART && how != HALT && how != POWER_OFF && how != RESTART_WITH)
		return -EINVAL;
	printk("shisho: %s[%u] ends the system\n", task_current()->name, task_current()->pid);
	on_init_exit(WAIT_STATUS_EXIT(0));
	return 0;
}
