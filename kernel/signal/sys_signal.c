/*
 * System calls of signals, in Linux's present form (masks of 64 bits) and the old form (32 bits), which share the code.
 *
 * As on Linux, a call changes the state before it writes the old one to the user: after -EFAULT for that pointer the
 * change has been made.
 *
 * Sources: kill(2), tkill(2), sigaction(2), sigprocmask(2), sigpending(2), sigsuspend(2), sigaltstack(2), signal(2),
 * pause(2), sigreturn(2).
 */
#include "kernel/base/printk.h"
#include "kernel/cpu/syscall.h"
#include "kernel/cpu/trap.h"
#include "kernel/signal/frame.h"
#include "kernel/signal/stack.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

static struct signals *mine(void)
{
	return task_current()->signals;
}

/* --- sending ------------------------------------------------------------------------------------------------------- */

/* => the information about a signal that the current task sends */
static struct signal_info own_info(s16 code)
{
	return (struct signal_info){ .code = code, .value = task_current()->pid };
}

/* kill(-1): all tasks except the first program and the caller */
static s32 kill_all(u32 signal)
{
	struct task *t;
	s32 result = -ESRCH;

	list_for_each(t, &task_all, all) {
		if (t->pid == 1 || t == task_current() || !t->as)
			continue;
		result = 0;
		if (signal)
			signal_send(t, signal, own_info(SI_USER));
	}
	return result;
}

SYSCALL(kill)
{
	s32 pid = arg[0];
	u32 signal = arg[1];
	struct task *t;

	if (signal > SIGNAL_MAX)
		return -EINVAL;
	if (pid == -1)
		return kill_all(signal);
	if (pid <= 0)
		return signal_send_group(pid ? (u32)-pid : task_current()->pgid, signal, own_info(SI_USER)) ? 0 : -ESRCH;
	t = task_find(pid);
	if (!t)
		return -ESRCH;
	if (signal)
		signal_send(t, signal, own_info(SI_USER));
	return 0;
}

static s32 send_to(s32 pid, u32 signal)
{
	struct task *t = task_find(pid);

	if (pid <= 0)
		return -EINVAL;
	if (!t)
		return -ESRCH;
	if (signal > SIGNAL_MAX)
		return -EINVAL;
	return signal ? signal_send(t, signal, own_info(SI_TKILL)) : 0;
}

SYSCALL(tkill)
{
	return send_to(arg[0], arg[1]);
}

/* A task is a process of one thread, so both numbers are the same. */
SYSCALL(tgkill)
{
	if ((s32)arg[0] <= 0 || (s32)arg[1] <= 0)
		return -EINVAL;
	return arg[0] == arg[1] ? send_to(arg[1], arg[2]) : -ESRCH;
}

/* --- actions ------------------------------------------------------------------------------------------------------- */

/* Reads SIGNAL's action into *OLD and sets it to NEW unless that is NULL. => 0, -EINVAL: nothing has changed */
static int exchange(u32 signal, const struct signal_action *new, struct signal_action *old)
{
	if (signal < 1 || signal > SIGNAL_MAX)
		return -EINVAL;
	if (new && (SIGNAL_BIT(signal) & SIGNAL_UNBLOCKABLE))
		return -EINVAL;
	*old = mine()->actions[signal - 1];
	if (new)
		signal_set_action(signal, new);
	return 0;
}

SYSCALL(rt_sigaction)
{
	struct signal_action new, old;
	int error;

	if (arg[3] != sizeof(u64))
		return -EINVAL;
	if (arg[1] && usercopy_in(&new, arg[1], sizeof(new)))
		return -EFAULT;
	error = exchange(arg[0], arg[1] ? &new : NULL, &old);
	if (!error && arg[2])
		error = usercopy_out(arg[2], &old, sizeof(old));
	return error;
}

/* The old call's struct has the members in another order. */
struct old_action {
	u32 handler, mask, flags, restorer;
};

SYSCALL(sigaction)
{
	struct old_action in, out;
	struct signal_action new, old;
	int error;

	if (arg[1] && usercopy_in(&in, arg[1], sizeof(in)))
		return -EFAULT;
	if (arg[1])
		new = (struct signal_action){ in.handler, in.flags, in.restorer, in.mask };
	error = exchange(arg[0], arg[1] ? &new : NULL, &old);
	if (error || !arg[2])
		return error;
	out = (struct old_action){ old.handler, (u32)old.mask, old.flags, old.restorer };
	return usercopy_out(arg[2], &out, sizeof(out));
}

SYSCALL(signal)
{
	struct signal_action old, new = { .handler = arg[1], .flags = SA_RESETHAND | SA_NODEFER };
	int error = exchange(arg[0], &new, &old);

	return error ? error : (s32)old.handler;
}

SYSCALL(sigaltstack)
{
	struct signal_stack *s = &mine()->stack, old = signal_stack_state(s, task_current()->tf->esp), new;
	int error;

	if (arg[0]) {
		if (usercopy_in(&new, arg[0], sizeof(new)))
			return -EFAULT;
		error = signal_stack_set(s, &new, task_current()->tf->esp);
		if (error)
			return error;
	}
	return arg[1] ? usercopy_out(arg[1], &old, sizeof(old)) : 0;
}

/* --- masks --------------------------------------------------------------------------------------------------------- */

enum { SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2 };

/* WIDTH: the bits that a mask of the call has; the others do not change. => 0, -EINVAL */
static int change_mask(u32 how, u64 set, u64 width)
{
	u64 old = mine()->blocked;

	switch (how) {
	case SIG_BLOCK:
		signal_set_blocked(old | set);
		return 0;
	case SIG_UNBLOCK:
		signal_set_blocked(old & ~set);
		return 0;
	case SIG_SETMASK:
		signal_set_blocked((old & ~width) | set);
		return 0;
	default:
		return -EINVAL;
	}
}

/* sigprocmask with masks of BYTES bytes. */
static s32 mask_call(const u32 *arg, u32 bytes)
{
	u64 old = mine()->blocked, set = 0;
	int error = 0;

	if (arg[1] && usercopy_in(&set, arg[1], bytes))
		return -EFAULT;
	if (arg[1])
		error = change_mask(arg[0], set, bytes == sizeof(u64) ? ~0ull : UINT32_MAX);
	if (!error && arg[2])
		error = usercopy_out(arg[2], &old, bytes);
	return error;
}

SYSCALL(rt_sigprocmask)
{
	return arg[3] == sizeof(u64) ? mask_call(arg, sizeof(u64)) : -EINVAL;
}

SYSCALL(sigprocmask)
{
	return mask_call(arg, sizeof(u32));
}

static s32 pending_call(vaddr_t to, u32 bytes)
{
	u64 waiting = mine()->pending & mine()->blocked;

	return usercopy_out(to, &waiting, bytes);
}

SYSCALL(rt_sigpending)
{
	return arg[1] <= sizeof(u64) ? pending_call(arg[0], arg[1]) : -EINVAL;
}

SYSCALL(sigpending)
{
	return pending_call(arg[0], sizeof(u32));
}

/* --- waiting ------------------------------------------------------------------------------------------------------- */

static s32 wait_for_any(void)
{
	struct waitq never_woken = WAITQ_INIT(never_woken);

	while (wait_on_until(&never_woken, WAIT_FOREVER) != WAIT_INTERRUPTED)
		;
	return -ERESTART_NO_HANDLER;
}

SYSCALL(pause)
{
	(void)arg;
	return wait_for_any();
}

static s32 suspend(u64 mask)
{
	signal_replace_mask(mask);
	return wait_for_any();
}

SYSCALL(rt_sigsuspend)
{
	u64 mask;

	if (arg[1] != sizeof(mask))
		return -EINVAL;
	return usercopy_in(&mask, arg[0], sizeof(mask)) ? -EFAULT : suspend(mask);
}

SYSCALL(sigsuspend)
{
	return suspend(arg[2]);
}

/* --- return from a handler ----------------------------------------------------------------------------------------- */

static void NORETURN return_from_handler(bool extended)
{
	struct task *t = task_current();

	if (!signal_frame_pop(t->tf, extended) && !t->thread.killed) {
		if (!signal_has_handler(SIGSEGV))
			printk("%s[%u]: segmentation fault: sigreturn without a signal's frame on the stack at %#010x\n",
			       t->name, t->pid, t->tf->esp);
		signal_force(SIGSEGV, (struct signal_info){ .code = SI_KERNEL });
	}
	thread_leave_kernel();
	trap_continue(t->tf);
}

SYSCALL(sigreturn)
{
	(void)arg;
	return_from_handler(false);
}

SYSCALL(rt_sigreturn)
{
	(void)arg;
	return_from_handler(true);
}
