/*
 * The interrupt descriptor table. Every gate is an interrupt gate, because the kernel runs with
 * interrupts off; only vector 8 is a task gate (gdt.c explains why). Programs may raise three vectors
 * by an instruction (int3, into, int 0x80); any other `int n` is a general protection fault.
 *
 * Source: [SDM3] "IDT Descriptors".
 */
#include "kernel/cpu/idt.h"

#include "kernel/cpu/gdt.h"
#include "kernel/cpu/trap.h"

enum {
	GATE_INTERRUPT = 0x8E, /* present, 32-bit interrupt gate, DPL 0 */
	GATE_USER = 0x60,      /* DPL 3: INT in ring 3 may use it */
	GATE_TASK = 0x85,
};

struct gate {
	u16 offset_low;
	u16 selector;
	u8 zero;
	u8 type;
	u16 offset_high;
};

STATIC_ASSERT(sizeof(struct gate) == 8, "the processor reads gates of 8 bytes");

static struct gate idt[256];

static void set_gate(u32 vector, const void *entry, u16 selector, u8 type)
{
	u32 offset = (u32)(uintptr_t)entry;

	idt[vector] = (struct gate){
		.offset_low = (u16)offset,
		.selector = selector,
		.type = type,
		.offset_high = (u16)(offset >> 16),
	};
}

void idt_init(void)
{
	struct {
		u16 limit;
		u32 base;
	} __attribute__((packed)) pointer = { sizeof(idt) - 1, (u32)(uintptr_t)idt };

	for (u32 vector = 0; vector < TRAP_VECTORS; vector++)
		set_gate(vector, trap_entries[vector], GDT_KERNEL_CODE, GATE_INTERRUPT);
	set_gate(TRAP_BREAKPOINT, trap_entries[TRAP_BREAKPOINT], GDT_KERNEL_CODE,
		 GATE_INTERRUPT | GATE_USER);
	set_gate(TRAP_OVERFLOW, trap_entries[TRAP_OVERFLOW], GDT_KERNEL_CODE,
		 GATE_INTERRUPT | GATE_USER);
	set_gate(TRAP_DOUBLE_FAULT, NULL, GDT_DOUBLE_FAULT, GATE_TASK);
	set_gate(TRAP_SYSCALL, trap_syscall_entry, GDT_KERNEL_CODE, GATE_INTERRUPT | GATE_USER);
	__asm__ volatile("lidt %0" : : "m"(pointer));
}
