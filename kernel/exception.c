/*
 * What a task's own mistakes mean: page faults that cannot be resolved and processor exceptions become signals, told
 * in one line of words.
 */
#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/lifecycle.h"
#include "kernel/load_control.h"
#include "kernel/signal.h"
#include "kernel/task.h"
#include "kernel/trap.h"
#include "mm/mm.h"
#include "mm/pte.h"
#include "mm/vmcheck.h"

/* --- in words ---------------------------------------------------------------------------------------------------- */

static const char *why_refused(u32 address, enum fault_result result)
{
	if (address >= USER_END)
		return "that is the kernel's memory";
	if (result == FAULT_BUS)
		return "nothing behind that page: beyond the end of its file, or the disk failed";
	if (result == FAULT_SEGV_ACC)
		return "the region there does not permit it";
	return address < USER_START ? "no memory is ever there (a null pointer?)" : "no region is mapped there";
}

static void tell_fault(const struct trapframe *tf, u32 address, u32 signal, enum fault_result result)
{
	const struct task *t = task_current();

	printk("%s[%u]: %s: %s at %#010x by the instruction at %#010x: %s\n", t->name, t->pid,
	       signal == SIGBUS ? "bus error" : "segmentation fault", tf->error & PF_WRITE ? "write" : "read",
	       address, tf->eip, why_refused(address, result));
}

/* --- page faults --------------------------------------------------------------------------------------------------- */

/* The kernel touched user memory for the user. Where memory could not be had the task dies: never a false -EFAULT. */
static void fail_usercopy(struct trapframe *tf, enum fault_result result)
{
	if (result == FAULT_KILLED)
		thread_kill(&task_current()->thread);
	usercopy_fixup(&tf->eip);
}

static void fail_user(struct trapframe *tf, u32 address, enum fault_result result)
{
	u32 signal = result == FAULT_BUS ? SIGBUS : SIGSEGV;

	if (result == FAULT_KILLED)
		return;
	tell_fault(tf, address, signal, result);
	signal_force(signal);
}

void task_page_fault(struct trapframe *tf, u32 address)
{
	struct task *t = task_current();
	bool user = tf->error & PF_USER;
	u32 eip = tf->eip;
	enum fault_result result = FAULT_SEGV_ACC;

	if (!user && (!t->thread.stack_top || !t->as || address >= USER_END || !usercopy_fixup(&eip)))
		trap_panic(tf);
	if (address >= USER_END)
		vmstat.fault_refused++;
	else if (!user && !swapper_need_space())
		result = FAULT_KILLED;
	else
		result = fault_resolve(t->as, address, tf->error & PF_WRITE ? FAULT_WRITE : FAULT_READ);
	if (vmcheck_always)
		vmcheck();
	load_control_after_fault();
	if (result == FAULT_OK)
		return;
	if (user)
		fail_user(tf, address, result);
	else
		fail_usercopy(tf, result);
}

/* --- other exceptions ---------------------------------------------------------------------------------------------- */

static u32 signal_for(u32 vector)
{
	switch (vector) {
	case TRAP_DIVIDE:
	case TRAP_FPU:
	case TRAP_SIMD:
		return SIGFPE;
	case TRAP_INVALID_OPCODE:
		return SIGILL;
	case TRAP_DEBUG:
	case TRAP_BREAKPOINT:
		return SIGTRAP;
	case TRAP_ALIGNMENT:
		return SIGBUS;
	default:
		return SIGSEGV;
	}
}

void task_exception(struct trapframe *tf)
{
	const struct task *t = task_current();

	printk("%s[%u]: %s in the instruction at %#010x\n", t->name, t->pid, trap_name(tf->vector), tf->eip);
	signal_force(signal_for(tf->vector));
}

/* --- on the way back to user mode ------------------------------------------------------------------------------------ */

void task_return_work(struct trapframe *tf)
{
	(void)tf;
	while (thread_work_pending) {
		thread_work_pending = 0;
		if (!swapper_gate()) {
			u32 signal = signal_fatal();

			lifecycle_exit(WAIT_STATUS_SIGNAL(signal ? signal : SIGKILL));
		}
		if (thread_should_yield())
			thread_yield();
	}
}
