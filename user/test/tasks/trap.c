/*
 * trap - privileged and invalid instructions: each ends the task with its signal, and no other
 * task.
 */
#include "check.h"

#define TRAP(name, code) \
	static void name(void *unused) \
	{ \
		(void)unused; \
		__asm__ volatile(code ::: "eax", "ecx", "edx", "memory"); \
	}

TRAP(divide_by_zero, "xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx")
TRAP(divide_overflow, "movl $0x80000000, %%eax; cltd; movl $-1, %%ecx; idivl %%ecx")
TRAP(illegal, "ud2")
TRAP(breakpoint, "int3")
TRAP(halt, "hlt")
TRAP(clear_interrupts, "cli")
TRAP(port_in, "inb $0x60, %%al")
TRAP(port_out, "outb %%al, $0xf4")
TRAP(read_cr3, "movl %%cr3, %%eax")
TRAP(write_cr0, "xorl %%eax, %%eax; movl %%eax, %%cr0")
TRAP(load_idt, "lidt 0")
TRAP(read_msr, "movl $0x10, %%ecx; rdmsr")
TRAP(invalidate, "invlpg 0")
TRAP(foreign_gate, "int $0x20")
TRAP(fault_gate, "int $0x0e")
TRAP(double_fault_gate, "int $0x08")
TRAP(bad_segment, "movw $0x7f0, %%ax; movw %%ax, %%ds")
TRAP(kernel_code, "ljmp $0x08, $0")
TRAP(no_stack, "xorl %%esp, %%esp; pushl %%eax")
TRAP(kernel_stack, "movl $0xc0100000, %%esp; pushl %%eax")
TRAP(jump_nowhere, "movl $0x10, %%eax; jmp *%%eax")
TRAP(single_step, "pushfl; orl $0x100, (%%esp); popfl; nop; nop")
/* Allowed, and without effect: a program cannot change the interrupt flag. */
TRAP(popf_keeps_interrupts, "pushfl; andl $~0x200, (%%esp); popfl; nop")
/* A misaligned stack is slow, but works. */
TRAP(odd_stack, "movl %%esp, %%ecx; subl $3, %%esp; pushl %%eax; popl %%eax; movl %%ecx, %%esp")

int main(void)
{
	CHECK_SIGNAL(divide_by_zero, NULL, SIGFPE);
	CHECK_SIGNAL(divide_overflow, NULL, SIGFPE);
	CHECK_SIGNAL(illegal, NULL, SIGILL);
	CHECK_SIGNAL(breakpoint, NULL, SIGTRAP);
	CHECK_SIGNAL(single_step, NULL, SIGTRAP);
	CHECK_SIGNAL(halt, NULL, SIGSEGV);
	CHECK_SIGNAL(clear_interrupts, NULL, SIGSEGV);
	CHECK_SIGNAL(port_in, NULL, SIGSEGV);
	CHECK_SIGNAL(port_out, NULL, SIGSEGV);
	CHECK_SIGNAL(read_cr3, NULL, SIGSEGV);
	CHECK_SIGNAL(write_cr0, NULL, SIGSEGV);
	CHECK_SIGNAL(load_idt, NULL, SIGSEGV);
	CHECK_SIGNAL(read_msr, NULL, SIGSEGV);
	CHECK_SIGNAL(invalidate, NULL, SIGSEGV);
	CHECK_SIGNAL(foreign_gate, NULL, SIGSEGV);
	CHECK_SIGNAL(fault_gate, NULL, SIGSEGV);
	CHECK_SIGNAL(double_fault_gate, NULL, SIGSEGV);
	CHECK_SIGNAL(bad_segment, NULL, SIGSEGV);
	CHECK_SIGNAL(kernel_code, NULL, SIGSEGV);
	CHECK_SIGNAL(no_stack, NULL, SIGSEGV);
	CHECK_SIGNAL(kernel_stack, NULL, SIGSEGV);
	CHECK_SIGNAL(jump_nowhere, NULL, SIGSEGV);
	CHECK_SIGNAL(popf_keeps_interrupts, NULL, 0);
	CHECK_SIGNAL(odd_stack, NULL, 0);
	return CHECK_OK();
}
