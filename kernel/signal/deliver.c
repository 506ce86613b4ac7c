/*
 * Delivery: what a signal does when its task returns to user mode. It is ignored, stops the task, or runs a handler. (A
 * signal that kills has done so when it was sent.)
 *
 * If several are due, a frame is pushed for each, so that the handler of the last runs first and returns to the start
 * of the handler before it, as on Linux.
 *
 * A call that a signal interrupts has changed nothing. To restart it, EIP is moved back by the length of the INT
 * instruction and EAX is set to the call's number again.
 *
 * Source: signal(7), "Interruption of system calls and library functions by signal handlers".
 */
#include "kernel/signal/deliver.h"

#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/cpu/syscall.h"
#include "kernel/cpu/trap.h"
#include "kernel/signal/frame.h"
#include "kernel/signal/stop.h"
#include "kernel/task/task.h"

#define INT_BYTES 2 /* INT 80h */

/* --- interrupted calls ----------------------------------------------------------------------------------------------- */

void signal_call_interrupted(struct trapframe *tf)
{
	ASSERT_CMP(tf->vector, ==, TRAP_SYSCALL);
	tf->error = tf->eax;
	thread_work_pending = 1;
}

static bool is_interrupted(const struct trapframe *tf)
{
	return tf->vector == TRAP_SYSCALL && tf->error;
}

static void restart_call(struct trapframe *tf)
{
	tf->eax = tf->error;
	tf->eip -= INT_BYTES;
	tf->error = 0;
}

static void fail_call(struct trapframe *tf)
{
	tf->eax = -EINTR;
	tf->error = 0;
}

/* --- handlers -------------------------------------------------------------------------------------------------------- */

/*
 * The frame of SIGNAL cannot be written: SIGSEGV, which kills the task if its own frame is the one that cannot be
 * written.
 */
static void fail(const struct trapframe *tf, u32 signal)
{
	struct task *t = task_current();
	struct signals *s = t->signals;

	if (t->thread.killed)
		return; /* out of memory */
	if (signal == SIGSEGV)
		s->actions[SIGSEGV - 1].handler = SIG_DFL;
	if (!signal_has_handler(SIGSEGV))
		printk("%s[%u]: segmentation fault: no room on the stack at %#010x for a signal's handler\n", t->name, t->pid,
		       tf->esp);
	signal_force(SIGSEGV, (struct signal_info){ .code = SI_KERNEL });
}

static void run_handler(struct trapframe *tf, u32 signal, const struct signal_info *info)
{
	struct signals *s = task_current()->signals;
	struct signal_action action = s->actions[signal - 1];
	u64 mask = s->has_saved ? s->saved : s->blocked;

	if (is_interrupted(tf) && (s32)tf->eax == -ERESTART && (action.flags & SA_RESTART))
		restart_call(tf);
	else if (is_interrupted(tf))
		fail_call(tf);
	if (action.flags & SA_RESETHAND)
		s->actions[signal - 1].handler = SIG_DFL;
	if (!signal_frame_push(tf, signal, &action, info, mask)) {
		fail(tf, signal);
		return;
	}
	s->has_saved = false;
	signal_set_blocked(s->blocked | action.mask | (action.flags & SA_NODEFER ? 0 : SIGNAL_BIT(signal)));
}

/*
 * A signal whose default action is to kill has done so when it was sent: without a handler, this one stops T or does
 * nothing.
 */
static void act(struct trapframe *tf, u32 signal, const struct signal_info *info)
{
	const struct task *t = task_current();

	if (t->signals->actions[signal - 1].handler > SIG_IGN)
		run_handler(tf, signal, info);
	else if ((SIGNAL_BIT(signal) & SIGNAL_STOPS) && !signal_is_ignored(t, signal))
		signal_stop(signal);
}

void signal_deliver(struct trapframe *tf)
{
	struct task *t = task_current();
	struct signal_info info;

	while (t->thread.signalled && !t->thread.killed) {
		u32 signal = signal_take(~t->signals->blocked, &info);

		ASSERT(signal);
		act(tf, signal, &info);
	}
	if (is_interrupted(tf))
		restart_call(tf);
	signal_restore_mask();
}
