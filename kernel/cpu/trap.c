/*
 * The dispatch of traps. trap.S has pushed the frame; interrupts stay off until the return to user
 * mode.
 *
 * Source: [SDM3] "Exception and Interrupt Reference".
 */
#include "kernel/cpu/trap.h"

#include "drivers/irq.h"
#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/thread.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/syscall.h"
#include "mm/pte.h"

STATIC_ASSERT(offsetof(struct trapframe, eip) == 52, "trap.S: EIP_OFFSET");
STATIC_ASSERT(offsetof(struct trapframe, cs) == 56, "trap.S: CS_OFFSET");
STATIC_ASSERT(sizeof(struct trapframe) == 72, "trap.S pushes 18 words");
STATIC_ASSERT(TRAP_VECTORS == 48, "trap.S makes 48 entries");
STATIC_ASSERT(offsetof(struct trap_ops, syscall) == 0, "trap.S calls through it");
STATIC_ASSERT(offsetof(struct trap_ops, return_work) == 4, "trap.S: RETURN_WORK");
STATIC_ASSERT(offsetof(struct trap_ops, page_fault) == 8, "trap.S: PAGE_FAULT");
STATIC_ASSERT(TRAP_PAGE_FAULT == 14, "trap.S: PAGE_FAULT_VECTOR");

u32 syscall_count;

extern const char trap_restore_begin[], trap_restore_end[], trap_iret[];

static const char *const names[] = {
	[TRAP_DIVIDE] = "divide error",
	[TRAP_DEBUG] = "debug exception",
	[TRAP_NMI] = "non-maskable interrupt",
	[TRAP_BREAKPOINT] = "breakpoint",
	[TRAP_OVERFLOW] = "overflow",
	[TRAP_BOUND] = "bound range exceeded",
	[TRAP_INVALID_OPCODE] = "invalid opcode",
	[TRAP_NO_FPU] = "no floating-point unit",
	[TRAP_DOUBLE_FAULT] = "double fault",
	[9] = "coprocessor segment overrun",
	[TRAP_INVALID_TSS] = "invalid task state segment",
	[TRAP_NO_SEGMENT] = "segment not present",
	[TRAP_STACK_SEGMENT] = "stack segment fault",
	[TRAP_PROTECTION] = "general protection fault",
	[TRAP_PAGE_FAULT] = "page fault",
	[TRAP_FPU] = "floating-point error",
	[TRAP_ALIGNMENT] = "misaligned access",
	[TRAP_MACHINE_CHECK] = "machine check",
	[TRAP_SIMD] = "SIMD floating-point error",
};

const char *trap_name(u32 vector)
{
	if (vector < ARRAY_LEN(names) && names[vector])
		return names[vector];
	if (vector >= TRAP_IRQ0 && vector < TRAP_VECTORS)
		return "interrupt";
	return vector == TRAP_SYSCALL ? "system call" : "reserved exception";
}

static void print_error_code(const struct trapframe *tf)
{
	if (tf->vector == TRAP_PAGE_FAULT)
		printk("error code %#x: %s of a %s page, by %s code, at %08x\n", tf->error,
		       tf->error & PF_WRITE ? "write" : "read",
		       tf->error & PF_PRESENT ? "protected" : "not present",
		       tf->error & PF_USER ? "user" : "kernel", cpu_cr2());
	else if (tf->error)
		printk("error code %#x: selector or vector %#x%s\n", tf->error, tf->error & 0xfff8,
		       tf->error & 2 ? " of the IDT" : "");
}

void trap_panic(const struct trapframe *tf)
{
	u32 esp = trap_from_user(tf) ? tf->esp : (u32)(uintptr_t)&tf->esp;

	printk("\n%s (vector %u) in %s code\n", trap_name(tf->vector), tf->vector,
	       trap_from_user(tf) ? "user" : "kernel");
	print_error_code(tf);
	printk("eax %08x  ebx %08x  ecx %08x  edx %08x\n", tf->eax, tf->ebx, tf->ecx, tf->edx);
	printk("esi %08x  edi %08x  ebp %08x  esp %08x\n", tf->esi, tf->edi, tf->ebp, esp);
	printk("eip %08x  cs %04x  ds %04x  es %04x  fs %04x  gs %04x  eflags %08x\n", tf->eip,
	       tf->cs & 0xffff, tf->ds & 0xffff, tf->es & 0xffff, tf->fs & 0xffff,
	       tf->gs & 0xffff, tf->eflags);
	panic_trap(tf->eip, tf->ebp, "%s in the kernel", trap_name(tf->vector));
}

/*
 * If a pop of a user's selector at the exit has failed: replaces the selector on the stack by 0, which
 * can always be loaded. => false: TF is another trap
 */
static bool repair_restore(struct trapframe *tf)
{
	if (tf->eip < (u32)(uintptr_t)trap_restore_begin ||
	    tf->eip >= (u32)(uintptr_t)trap_restore_end)
		return false;
	tf->fs = tf->gs = 0; /* the exit from this trap must not fail in the same way */
	tf->esp = 0; /* a trap in the kernel pushes no ESP: this is the word that the pop read */
	return true;
}

/*
 * => true: TF is the trap of an iret to user mode that failed. A trap in the kernel pushes no ESP, so TF
 * lies 12 bytes below the frame that the exit was popping, and contains the registers popped from that.
 */
static bool is_refused_iret(const struct trapframe *tf)
{
	return tf->eip == (u32)(uintptr_t)trap_iret;
}

/* Called by trap.S for everything but system calls and page faults. */
void trap_dispatch(struct trapframe *tf);

void trap_dispatch(struct trapframe *tf)
{
	bool user = trap_from_user(tf);

	if (user)
		thread_enter_kernel();
	if (tf->vector >= TRAP_IRQ0)
		irq_dispatch(tf->vector - TRAP_IRQ0);
	else if (tf->vector == TRAP_NMI)
		printk("shisho: a non-maskable interrupt came; ignored\n");
	else if (user)
		trap_ops.exception(tf);
	else if (is_refused_iret(tf))
		trap_ops.return_refused(tf);
	else if (!repair_restore(tf))
		trap_panic(tf);
	if (user)
		thread_leave_kernel();
}
