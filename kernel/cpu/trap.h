/*
 * Traps: the frame that is saved, and the dispatch.
 *
 * System calls, page faults and other exceptions of user code are passed to the functions in trap_ops. So are page
 * faults in the kernel, since copies from and to user memory cause them. Any other exception in the kernel is a panic.
 * An interrupt is passed to the driver that registered for its line (drivers/irq.h).
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
 * The registers as trap.S pushes them. ESP and SS are valid only if the trap came from user mode.
 */
struct trapframe {
	u32 ebx, ecx, edx, esi, edi, ebp, eax;
	u32 ds, es, fs, gs; /* the upper halves are undefined */
	u32 vector, error; /* of a system call: TRAP_SYSCALL, and 0 or the number of an interrupted call */
	u32 eip, cs, eflags, esp, ss;
};

static inline bool trap_from_user(const struct trapframe *tf)
{
	return tf->cs & 3; /* the ring: 0 or 3 */
}

/* => "page fault", "divide error" ... */
const char *trap_name(u32 vector);

/*
 * Leaves the kernel with the registers of TF, which must describe user mode (trap_from_user()). If
 * CS or SS is invalid, the task gets SIGILL; any other invalid selector is replaced by 0.
 */
void trap_exit_to_user(struct trapframe *tf) NORETURN;

/*
 * Ends a system call that has replaced all registers in TF, the current trap frame: nothing is stored in
 * EAX. Does pending work first, unlike trap_exit_to_user().
 */
void trap_continue(struct trapframe *tf) NORETURN;

/* An unexpected exception in the kernel: prints its name, the registers and a backtrace, and powers off. */
void trap_panic(const struct trapframe *tf) NORETURN;

/* The functions that handle traps. Defined in kernel/exception.c; trap.S calls the first three. */
struct trap_ops {
	void (*syscall)(struct trapframe *tf);
	/* Before the return to user mode if thread_work_pending (kernel/base/thread.h) is set. */
	void (*return_work)(struct trapframe *tf);
	/* A page fault, in user mode or in the kernel; calls thread_enter_kernel() and thread_leave_kernel() for user mode. */
	void (*page_fault)(struct trapframe *tf, u32 address);
	/* Any other exception of user code. */
	void (*exception)(struct trapframe *tf);
	/* TF is the frame of the exception that iret raised instead of returning to user mode. Does not return. */
	void (*return_refused)(const struct trapframe *tf);
};
extern const struct trap_ops trap_ops;

/* Entry points in trap.S: one for each vector below TRAP_VECTORS, and that of int 0x80. */
extern const void *const trap_entries[];
extern const char trap_syscall_entry[];
