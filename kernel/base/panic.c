/*
 * The end of the kernel when one of its own invariants is broken.
 *
 * Printing a panic may cause another one, because a console or a page table is what is broken. So
 * the second panic prints only its message, and the third powers off without printing anything.
 */
#include "kernel/base/panic.h"

#include "kernel/base/cpu.h"
#include "kernel/base/pagewalk.h"
#include "kernel/base/power.h"
#include "kernel/base/printk.h"
#include "kernel/base/symbols.h"

#define PANIC_VALUE 127u

static u32 depth;

static void print_control_registers(void)
{
	printk("cr0 %08x  cr2 %08x  cr3 %08x  cr4 %08x  eflags %08x\n", cpu_cr0(), cpu_cr2(),
	       cpu_cr3(), cpu_cr4(), cpu_eflags());
}

/* The end of every panic, after its message. EIP and EBP: where the backtrace begins. */
static NORETURN void print_state_and_end(u32 eip, u32 ebp)
{
	if (depth == 1) {
		print_control_registers();
		symbol_backtrace(eip, ebp);
		pagewalk_print(cpu_cr2());
	}
	printk("shisho: panic: the kernel has stopped\n");
	power_off(PANIC_VALUE);
}

static void begin(void)
{
	cpu_interrupts_off();
	if (++depth > 2)
		power_off(PANIC_VALUE);
}

void panic_at(const char *file, int line, const char *fmt, ...)
{
	u32 ebp = (u32)(uintptr_t)__builtin_frame_address(0);
	va_list args;

	begin();
	printk("\nPANIC at %s:%d: ", file, line);
	va_start(args, fmt);
	printk_v(fmt, args);
	va_end(args);
	printk("\nframe %08x\n", ebp);
	print_state_and_end((u32)(uintptr_t)__builtin_return_address(0), *(u32 *)(uintptr_t)ebp);
}

void panic_trap(u32 eip, u32 ebp, const char *fmt, ...)
{
	va_list args;

	begin();
	printk("\nPANIC: ");
	va_start(args, fmt);
	printk_v(fmt, args);
	va_end(args);
	printk("\n");
	print_state_and_end(eip, ebp);
}
