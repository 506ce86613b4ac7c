/*
 * prctl: settings of the calling task.
 *
 * Source: prctl(2).
 */
#include "kernel/base/string.h"
#include "kernel/cpu/syscall.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

enum {
	PR_SET_PDEATHSIG = 1, PR_GET_PDEATHSIG = 2, PR_GET_DUMPABLE = 3, PR_SET_DUMPABLE = 4, PR_GET_KEEPCAPS = 7,
	PR_GET_TIMING = 13, PR_SET_NAME = 15, PR_GET_NAME = 16, PR_GET_SECCOMP = 21, PR_CAPBSET_READ = 23,
	PR_GET_SECUREBITS = 27, PR_GET_TIMERSLACK = 30, PR_SET_CHILD_SUBREAPER = 36, PR_GET_CHILD_SUBREAPER = 37,
	PR_SET_NO_NEW_PRIVS = 38, PR_GET_NO_NEW_PRIVS = 39,
};
enum { CAPABILITIES = 41, TIMER_SLACK_NS = 50000 };

static s32 set_name(struct task *t, vaddr_t from)
{
	char name[TASK_NAME_MAX];

	if (usercopy_string(name, from, sizeof(name)) == -EFAULT)
		return -EFAULT;
	name[sizeof(name) - 1] = 0;
	task_set_name(t, name);
	return 0;
}

static s32 prctl_put(vaddr_t to, u32 value)
{
	return usercopy_out(to, &value, sizeof(value));
}

static s32 set_death_signal(struct task *t, u32 signal)
{
	if (signal > SIGNAL_MAX)
		return -EINVAL;
	t->death_signal = signal;
	return 0;
}

static s32 set_dumpable(struct task *t, u32 value)
{
	if (value > 1)
		return -EINVAL;
	t->not_dumpable = !value;
	return 0;
}

/* The flag cannot be cleared again. It has no effect, since no program gains privileges by exec here. */
static s32 set_no_new_privileges(struct task *t, const u32 *arg)
{
	if (arg[1] != 1 || arg[2] || arg[3] || arg[4])
		return -EINVAL;
	t->no_new_privileges = true;
	return 0;
}

SYSCALL(prctl)
{
	struct task *t = task_current();

	switch (arg[0]) {
	case PR_SET_NAME:
		return set_name(t, arg[1]);
	case PR_GET_NAME:
		return usercopy_out(arg[1], t->name, sizeof(t->name));
	case PR_SET_PDEATHSIG:
		return set_death_signal(t, arg[1]);
	case PR_GET_PDEATHSIG:
		return prctl_put(arg[1], t->death_signal);
	case PR_SET_DUMPABLE:
		return set_dumpable(t, arg[1]);
	case PR_GET_DUMPABLE:
		return !t->not_dumpable;
	case PR_SET_CHILD_SUBREAPER:
		t->subreaper = arg[1];
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return prctl_put(arg[1], t->subreaper);
	case PR_SET_NO_NEW_PRIVS:
		return set_no_new_privileges(t, arg);
	case PR_GET_NO_NEW_PRIVS:
		return arg[1] || arg[2] || arg[3] || arg[4] ? -EINVAL : t->no_new_privileges;
	case PR_CAPBSET_READ:
		return arg[1] < CAPABILITIES ? 1 : -EINVAL;
	case PR_GET_TIMERSLACK:
		return TIMER_SLACK_NS;
	case PR_GET_KEEPCAPS:
	case PR_GET_TIMING:
	case PR_GET_SECCOMP:
	case PR_GET_SECUREBITS:
		return 0;
	default:
		return -EINVAL;
	}
}
