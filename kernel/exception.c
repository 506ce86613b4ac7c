/*
 * The kernel's side of traps (struct trap_ops). mm/fault.c resolves page faults. A fault that cannot be resolved, and
 * any other exception of a program, becomes a signal; if the program has no handler for it, one line says what was
 * wrong.
 */
#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/syscall.h"
#include "kernel/cpu/trap.h"
#include "kernel/lifecycle/exit.h"
#include "kernel/pressure/load_control.h"
#include "kernel/pressure/swapper.h"
#include "kernel/signal/deliver.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "kernel/task/wait_status.h"
#include "mm/mm.h"
#include "mm/pte.h"
#include "mm/vmcheck.h"

/* --- messages ------------------------------------------------------------------------------------------------------ */

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

static void report_fault(const struct trapframe *tf, u32 address, u32 signal, enum fault_result result)
{
	const struct task *t = task_current();

	printk("%s[%u]: %s: %s at %#010x by the instruction at %#010x: %s\n", t->name, t->pid,
	       signal == SIGBUS ? "bus error" : "segmentation fault", tf->error & PF_WRITE ? "write" : "read",
	       address, tf->eip, why_refused(address, result));
}

/* --- page faults --------------------------------------------------------------------------------------------------- */

/*
 * A user copy in the kernel has faulted, and the fault cannot be resolved: the copy returns an error. A killed task
 * must not go on with that error as if the address were bad, so this makes sure that it dies.
 */
static void fail_usercopy(struct trapframe *tf, enum fault_result result)
{
	if (result == FAULT_KILLED)
		thread_kill(&task_current()->thread);
	usercopy_fixup(&tf->eip);
}

/* Stores the vector and the error code of the exception that becomes a signal, for sigcontext. */
static void store_exception(const struct trapframe *tf, u32 error)
{
	struct signals *s = task_current()->signals;

	s->trap = tf->vector;
	s->error = error;
}

static void fail_user(struct trapframe *tf, u32 address, enum fault_result result)
{
	u32 signal = result == FAULT_BUS ? SIGBUS : SIGSEGV;
	bool permission = result == FAULT_SEGV_ACC && address < USER_END;
	s16 code = result == FAULT_BUS ? BUS_ADRERR : permission ? SEGV_ACCERR : SEGV_MAPERR;

	if (result == FAULT_KILLED)
		return;
	if (!signal_has_handler(signal))
		report_fault(tf, address, signal, result);
	/* The error code must not reveal whether the kernel maps anything at the address. */
	store_exception(tf, address < USER_END ? tf->error : tf->error | PF_PRESENT);
	task_current()->signals->address = address;
	signal_force(signal, (struct signal_info){ .code = code, .value = address });
}

#define STUCK_TIMES 1000

/*
 * If a resolved fault occurs again at once, with neither a system call nor a thread switch in between, it was not
 * really resolved, and the task would fault forever. Nearly every fault is at a new place, so the place is compared
 * first (is_stuck()), and the counts of calls and switches only here, when a fault of T has come back to the last
 * place.
 * => true: STUCK_TIMES times in a row; that is reported
 */
static NOINLINE bool is_stuck_here(struct task *t, const struct trapframe *tf)
{
	struct fault_place *last = &t->last_fault;
	u64 switches = thread_switches();
	pte_t entry;

	last->times = last->calls == syscall_count && last->switches == switches ? last->times + 1 : 0;
	last->calls = syscall_count;
	last->switches = switches;
	if (last->times < STUCK_TIMES)
		return false;
	entry = pagetable_get(&t->as->pagetable, last->address);
	printk("%s[%u] is killed: the kernel has resolved its %s at %#010x by the instruction at %#010x %u times in a row, but the "
	       "page is still %s (table entry %08x)\n", t->name, t->pid, tf->error & PF_WRITE ? "write" : "read", last->address,
	       tf->eip, STUCK_TIMES, !(entry & PTE_P) ? "not present" : entry & PTE_W ? "writable" : "read-only", entry);
	return true;
}

static bool is_stuck(struct task *t, const struct trapframe *tf, u32 address)
{
	struct fault_place *last = &t->last_fault;

	if (last->address == address && last->eip == tf->eip)
		return is_stuck_here(t, tf);
	last->address = address;
	last->eip = tf->eip;
	last->times = 0;
	return false;
}

/*
 * A task at its resident limit evicts pages of its own. If few of them can be evicted, because they are locked or there is no
 * swap, two pages that one instruction needs may evict each other for ever. So the limit is raised when an instruction has
 * faulted more often than it can need pages: as long as the registers are the same, it has not completed.
 */
static NOINLINE void watch_progress(struct task *t, const struct trapframe *tf)
{
	const u32 now[] = { tf->eax, tf->ebx, tf->ecx, tf->edx, tf->esi, tf->edi, tf->ebp, tf->eip, tf->esp };
	struct fault_attempt *last = &t->last_attempt;

	if (memcmp(last->registers, now, sizeof(now)) != 0) {
		memcpy(last->registers, now, sizeof(now));
		last->times = 0;
	}
	if (++last->times <= RESIDENT_LEAST)
		return;
	t->as->resident_excess += MAX(RESIDENT_LEAST, t->as->resident_excess / 2);
	last->times = 0;
}

/* => a fault of the kernel itself may be resolved: only a user copy may fault */
static NOINLINE bool is_usercopy(const struct trapframe *tf, u32 address)
{
	const struct task *t = task_current();
	u32 eip = tf->eip; /* a copy: fail_usercopy() changes the real one */

	return t->thread.stack_top && t->as && address < USER_END && usercopy_fixup(&eip);
}

static NOINLINE void fail_fault(struct trapframe *tf, u32 address, enum fault_result result)
{
	if (trap_from_user(tf))
		fail_user(tf, address, result);
	else
		fail_usercopy(tf, result);
}

/*
 * The CS in the trap frame tells whether user code faulted, not PF_USER: QEMU reads the stack for an IRET or far RET in
 * user mode with the kernel's privilege.
 */
static void exception_page_fault(struct trapframe *tf, u32 address)
{
	struct task *t = task_current();
	enum fault_result result = FAULT_KILLED;

	if (trap_from_user(tf))
		thread_enter_kernel();
	else if (!is_usercopy(tf, address))
		trap_panic(tf);
	TRACE_TRAP(t->as->label, address, tf->error, tf->eip);
	if (trap_from_user(tf) || swapper_wait_for_space())
		result = fault_resolve(t->as, address, tf->error & FAULT_WRITE);
	if (vmcheck_always)
		vmcheck();
	load_control_after_fault();
	if (t->as->resident_limit)
		watch_progress(t, tf);
	if (result == FAULT_OK && is_stuck(t, tf, address)) {
		thread_kill(&t->thread);
		result = FAULT_KILLED;
	}
	if (result != FAULT_OK)
		fail_fault(tf, address, result);
	if (trap_from_user(tf))
		thread_leave_kernel();
}

/* --- other exceptions ---------------------------------------------------------------------------------------------- */

/* => si_code of SIGFPE for the exceptions in RAISED; of several the one that Linux reports */
static s16 fpe_code(u32 raised)
{
	if (raised & FPU_INVALID)
		return FPE_FLTINV;
	if (raised & FPU_ZERO_DIVIDE)
		return FPE_FLTDIV;
	if (raised & FPU_OVERFLOW)
		return FPE_FLTOVF;
	if (raised & (FPU_DENORMAL | FPU_UNDERFLOW))
		return FPE_FLTUND;
	return raised & FPU_PRECISION ? FPE_FLTRES : SI_KERNEL;
}

/* => the signal for an exception, and its siginfo in *INFO, where an address is that of the instruction */
static u32 signal_for(const struct trapframe *tf, struct signal_info *info)
{
	*info = (struct signal_info){ .code = SI_KERNEL };
	switch (tf->vector) {
	case TRAP_DIVIDE:
		*info = (struct signal_info){ .code = FPE_INTDIV, .value = tf->eip };
		return SIGFPE;
	case TRAP_FPU:
	case TRAP_SIMD:
		*info = (struct signal_info){ .code = fpe_code(fpu_exceptions(tf->vector == TRAP_SIMD)), .value = tf->eip };
		return SIGFPE;
	case TRAP_INVALID_OPCODE:
		*info = (struct signal_info){ .code = ILL_ILLOPN, .value = tf->eip };
		return SIGILL;
	case TRAP_DEBUG:
		*info = (struct signal_info){ .code = TRAP_TRACE, .value = tf->eip };
		return SIGTRAP;
	case TRAP_BREAKPOINT:
		return SIGTRAP;
	case TRAP_ALIGNMENT:
		*info = (struct signal_info){ .code = BUS_ADRALN };
		return SIGBUS;
	case TRAP_NO_SEGMENT:
	case TRAP_STACK_SEGMENT:
		return SIGBUS;
	default:
		return SIGSEGV;
	}
}

static void exception_raised(struct trapframe *tf)
{
	const struct task *t = task_current();
	struct signal_info info;
	u32 signal = signal_for(tf, &info);

	if (!signal_has_handler(signal))
		printk("%s[%u]: %s in the instruction at %#010x\n", t->name, t->pid, trap_name(tf->vector), tf->eip);
	store_exception(tf, tf->error);
	signal_force(signal, info);
}

/* The vector that Linux passes to a handler for a failed iret: the first after the processor's own exceptions. */
#define LINUX_TRAP_IRET 32

/*
 * CS or SS is invalid: sigreturn took it from a signal frame that the program had changed, or SS selects a descriptor
 * that was changed after SS was loaded. The signal's handler starts with valid selectors.
 */
static void NORETURN exception_return_refused(const struct trapframe *refused)
{
	struct task *t = task_current();
	u32 vector = refused->vector;

	memmove(t->tf, refused, offsetof(struct trapframe, vector)); /* the trap frames overlap */
	t->tf->vector = vector;
	t->tf->error = 0;
	if (!signal_has_handler(SIGILL))
		printk("%s[%u]: the program cannot continue at %#010x: its segment register CS (%#x) or SS (%#x) is not valid\n",
		       t->name, t->pid, t->tf->eip, t->tf->cs & 0xffff, t->tf->ss & 0xffff);
	t->signals->trap = LINUX_TRAP_IRET;
	t->signals->error = 0;
	signal_force(SIGILL, (struct signal_info){ .code = ILL_BADSTK });
	trap_continue(t->tf);
}

/* --- before the return to user mode ---------------------------------------------------------------------------------- */

static void exception_return_work(struct trapframe *tf)
{
	thread_enter_kernel();
	while (thread_work_pending) {
		thread_work_pending = 0;
		if (!swapper_gate())
			exit_task(WAIT_STATUS_SIGNAL(signal_fatal()));
		signal_deliver(tf);
		if (thread_should_yield())
			thread_preempt();
	}
	thread_leave_kernel();
}

const struct trap_ops trap_ops = {
	.syscall = syscall_dispatch,
	.return_work = exception_return_work,
	.page_fault = exception_page_fault,
	.exception = exception_raised,
	.return_refused = exception_return_refused,
};
