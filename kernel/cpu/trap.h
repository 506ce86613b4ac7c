/*
 * Traps: what the processor saves, and where they are handled.
 *
 * Exceptions of user code, system calls and page faults go up through trap_ops; page faults of the kernel too, since user
 * copies cause them on purpose. Any other exception in the kernel is a panic. An interrupt goes to the driver that
 * registered for its line (drivers/irq.h).
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

/* What the kernel does about traps. Defined in kernel/exception.c; trap.S calls the first two. */
struct trap_ops {
	void (*syscall)(struct trapframe *tf);
	/* On the way back to user mode, while thread_work_pending (kernel/base/thread.h) is set. */
	void (*return_work)(struct trapframe *tf);
	/* A page fault, of user code or of the kernel. */
	void (*page_fault)(struct trapframe *tf, u32 address);
	/* Any other exception of user code. */
	void (*exception)(struct trapframe *tf);
	/* TF is the frame of the exception that iret raised instead of going to user mode. Does not return. */
	void (*return_refused)(const struct trapframe *tf);
};
extern const struct trap_ops trap_ops;

/* trap.S: one entry for each vector below TRAP_VECTORS; int 0x80. */
extern const void *const trap_entries[];
extern const char trap_syscall_entry[];
