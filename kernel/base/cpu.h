/*
 * Single instructions of the i386 that C cannot express, and the bits of the registers that they access.
 *
 * Sources: [SDM2] "Instruction Set Reference"; [SDM3] "Control Registers".
 */
#pragma once

#include "kernel/base/types.h"

enum {
	CR0_MP = 1u << 1, CR0_EM = 1u << 2, CR0_TS = 1u << 3, CR0_NE = 1u << 5, CR0_WP = 1u << 16,
	CR4_PSE = 1u << 4, CR4_PGE = 1u << 7, CR4_OSFXSR = 1u << 9, CR4_OSXMMEXCPT = 1u << 10,
	EFLAGS_ARITHMETIC = 0x8D5, /* OF SF ZF AF PF CF */
	EFLAGS_TF = 1u << 8, EFLAGS_IF = 1u << 9, EFLAGS_DF = 1u << 10, EFLAGS_IOPL = 3u << 12,
	EFLAGS_NT = 1u << 14, EFLAGS_RF = 1u << 16, EFLAGS_AC = 1u << 18,
};
#define CR0_PG (1u << 31)

static inline void cpu_out8(u16 port, u8 v) { __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port) : "memory"); }
static inline void cpu_out16(u16 port, u16 v) { __asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port) : "memory"); }
static inline void cpu_out32(u16 port, u32 v) { __asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port) : "memory"); }

static inline u8 cpu_in8(u16 port)
{
	u8 v;
	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline u16 cpu_in16(u16 port)
{
	u16 v;
	__asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline u32 cpu_in32(u16 port)
{
	u32 v;
	__asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

/* Transfer N words from, or to, one port: a disk without bus mastering moves its sectors so. */
static inline void cpu_in16_string(u16 port, void *buf, u32 n)
{
	__asm__ volatile("rep insw" : "+D"(buf), "+c"(n) : "d"(port) : "memory");
}

static inline void cpu_out16_string(u16 port, const void *buf, u32 n)
{
	__asm__ volatile("rep outsw" : "+S"(buf), "+c"(n) : "d"(port) : "memory");
}

static inline u32 cpu_cr0(void) { u32 v; __asm__ volatile("mov %%cr0, %0" : "=r"(v)); return v; }
static inline u32 cpu_cr2(void) { u32 v; __asm__ volatile("mov %%cr2, %0" : "=r"(v)); return v; }
static inline u32 cpu_cr3(void) { u32 v; __asm__ volatile("mov %%cr3, %0" : "=r"(v)); return v; }
static inline u32 cpu_cr4(void) { u32 v; __asm__ volatile("mov %%cr4, %0" : "=r"(v)); return v; }
static inline void cpu_set_cr0(u32 v) { __asm__ volatile("mov %0, %%cr0" : : "r"(v) : "memory"); }
static inline void cpu_set_cr3(u32 v) { __asm__ volatile("mov %0, %%cr3" : : "r"(v) : "memory"); }
static inline void cpu_set_cr4(u32 v) { __asm__ volatile("mov %0, %%cr4" : : "r"(v) : "memory"); }
static inline void cpu_invlpg(vaddr_t va) { __asm__ volatile("invlpg (%0)" : : "r"(va) : "memory"); }

static inline u64 cpu_tsc(void)
{
	u64 ticks;
	__asm__ volatile("rdtsc" : "=A"(ticks) : : "memory");
	return ticks;
}

static inline u32 cpu_eflags(void)
{
	u32 v;
	__asm__ volatile("pushfl; popl %0" : "=r"(v));
	return v;
}

static inline void cpu_interrupts_off(void) { __asm__ volatile("cli" : : : "memory"); }

/*
 * Waits for an interrupt and takes it. STI takes effect after the next instruction, so none can come between STI and
 * HLT.
 */
static inline void cpu_halt_for_interrupt(void) { __asm__ volatile("sti; hlt; cli" : : : "memory"); }

/* Takes the interrupts that are pending. */
static inline void cpu_interrupt_window(void) { __asm__ volatile("sti; nop; cli" : : : "memory"); }
