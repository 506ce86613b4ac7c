/*
 * Traps: what the processor saves, and who answers.
 *
 * Exceptions of user code go to task/task.c; of the kernel they are panics, but page faults, which user
 * copies cause on purpose. Interrupts go to the driver that registered for their line
 * (drivers/irq.h).
 */
#pragma once

#include "drivers/irq.h"
#include "kernel/base/types.h"

enum {
	TRAP_DIVIDE = 0, TRAP_DEBUG = 1, TRAP_NMI = 2, TRAP_BREAKPOINT = 3, TRAP_OVERFLOW = 4,
	TRAP_BOUND = 5, TRAP_INVALID_OPCODE = 6, TRAP_NO_FPU = 7, TRAP_DOUBLE_FAULT = 8,
	TRAP_INVALID_TSS = 10, TRAP_NO_SEGMENT = 11, TRAP_STACK_SEGMENT = 12, TRAP_PROTECTION = 13, TRAP_PAGE_FAULT = 14,
	TRAP_FPU = 16, TRAP_ALIGNMENT = 17, TRAP_MACHINE_CHECK = 18, TRAP_SIMD = 19,
	TRAP_IRQ0 = 32, TRAP_VECTORS = 48, TRAP_SYSCALL = 0x80,
};

/*
 * The user's registers as trap.S pushes them. ESP and SS are there only when the trap came from
 * user mode.
 */
struct trapframe {
	u32 ebx, ecx, edx, esi, edi, ebp, eax;
	u32 ds, es, fs, gs; /* the upper halves mean nothing */
	u32 vector, error; /* of a system call: TRAP_SYSCALL, and 0 or the number of the call to be made again */
	u32 eip, cs, eflags, esp, ss;
};

static inline bool trap_from_user(const struct trapframe *tf)
{
	return (tf->cs & 3) == 3;
}

/* "page fault", "divide error" ... */
const char *trap_name(u32 vector);

/*
 * Leaves the kernel with the registers of TF, which must describe user mode (trap_from_user()). If
 * CS or SS cannot be loaded the task gets SIGILL; another selector that cannot be is replaced by 0.
 */
void trap_exit_to_user(struct trapframe *tf) NORETURN;

/* Ends a system call whose trap frame TF, the current one, was replaced as a whole: EAX is no result. */
void trap_continue(struct trapframe *tf) NORETURN;

/*
 * An exception in the kernel that nobody expects: tells it in words with registers and backtrace,
 * ends the machine.
 */
void trap_panic(const struct trapframe *tf) NORETURN;

/*
 * Offered by kernel/task*.c and kernel/syscall.c. task_return_work() is called on the way back to
 * user mode while thread_work_pending (kernel/base/thread.h) is set. task_page_fault() gets the
 * kernel's own page faults as well. task_return_refused() gets the frame of the exception that iret
 * raised instead of going to user mode; it never returns to it.
 */
void task_return_work(struct trapframe *tf);
void task_page_fault(struct trapframe *tf, u32 address);
void task_exception(struct trapframe *tf);
void task_return_refused(const struct trapframe *tf) NORETURN;

/* trap.S: one entry for each vector below TRAP_VECTORS; int 0x80. */
extern const void *const trap_entries[];
extern const char trap_syscall_entry[];
