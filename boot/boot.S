/*
 * From the boot loader to kmain(): the first instructions.
 *
 * The loader enters the kernel in 32-bit protected mode with paging off, at a physical address; the
 * kernel is linked at KERNEL_BASE. So the code that runs before paging (.boot) is linked at the address
 * where it is loaded, in a segment of its own: loaders differ in whether they take the entry of an ELF
 * file for a virtual or a physical address. It accesses other sections through PHYS(symbol). The
 * processor is checked before any feature is used that an older one lacks; a missing feature is reported
 * on the screen and the serial line.
 *
 * The first page directory maps the 896 MiB of the direct map with 4 MiB pages (and, until the jump, the
 * first 4 MiB at address 0), so no page table is needed. Later only the double-fault handler uses it.
 *
 * Sources: Multiboot Specification 0.6.96 "OS image format", "Machine state"; [SDM3] "32-Bit
 * Paging", "Control Registers"; [SDM2] "CPUID - CPU Identification".
 */
#define KERNEL_BASE	0xC0000000
#define PHYS(symbol)	((symbol) - KERNEL_BASE)

#define MB_MAGIC	0x1BADB002
#define MB_FLAGS	0x00000003	/* modules on page boundaries, memory map wanted */
#define MB_LOADED	0x2BADB002	/* in EAX after a Multiboot loader */

#define DIRECT_ENTRIES	224		/* 896 MiB / 4 MiB */
#define PDE_LARGE_RW	0x83		/* present, writable, 4 MiB */
#define PDE_GLOBAL	0x100

#define CPUID_PSE	(1 << 3)
#define CPUID_TSC	(1 << 4)
#define CPUID_PGE	(1 << 13)
#define CPUID_CMOV	(1 << 15)
#define CPUID_FXSR	(1 << 24)
#define CPUID_SSE	(1 << 25)

	.section .multiboot, "a", @progbits
	.balign 4
	.long	MB_MAGIC, MB_FLAGS, -(MB_MAGIC + MB_FLAGS)

	.section .boot, "ax", @progbits
	.globl	boot_entry
	.type	boot_entry, @function
boot_entry:
	cli
	cld
	mov	$PHYS(boot_stack_top), %esp
	mov	$message_loader, %esi
	cmp	$MB_LOADED, %eax
	jne	boot_refuse
	mov	%ebx, %ebp			/* CPUID needs EBX */
	call	check_processor
	rdtsc					/* clock_ns() is 0 here */
	mov	%eax, PHYS(boot_tsc)
	mov	%edx, PHYS(boot_tsc) + 4
	call	fill_directory

	mov	%cr4, %eax
	or	$0x210, %eax			/* PSE, OSFXSR */
	test	$CPUID_SSE, %edi
	jz	1f
	or	$0x400, %eax			/* OSXMMEXCPT exists only with SSE */
1:	mov	%eax, %cr4
	mov	$PHYS(boot_directory), %eax
	mov	%eax, %cr3
	mov	%cr0, %eax
	and	$0x9FFFFFF3, %eax		/* EM, TS, CD, NW off: FPU and caches on */
	or	$0x80010022, %eax		/* PG, WP, NE, MP */
	mov	%eax, %cr0
	mov	$boot_high, %eax
	jmp	*%eax
	.size	boot_entry, . - boot_entry

	.text
	.type	boot_high, @function
boot_high:
	/* Removes the mapping of the first 4 MiB, so that an access to address 0 faults. */
	movl	$0, boot_directory
	mov	%cr3, %eax
	mov	%eax, %cr3
	mov	%cr4, %eax
	or	$0x80, %eax			/* PGE after the flush: no global entry is stale */
	mov	%eax, %cr4
	add	$KERNEL_BASE, %esp
	lea	KERNEL_BASE(%ebp), %eax		/* the boot information, in the direct map */
	xor	%ebp, %ebp			/* backtraces end at 0 */
	push	%ebp
	call	kmain
	ud2					/* kmain does not return */
	.size	boot_high, . - boot_high

	.section .boot

/* => EDI = feature flags of CPUID. Does not return if the processor lacks a feature that is needed. */
	.type	check_processor, @function
check_processor:
	pushf
	pop	%eax
	mov	%eax, %ecx
	xor	$0x200000, %eax			/* EFLAGS.ID can be changed <=> CPUID exists */
	push	%eax
	popf
	pushf
	pop	%eax
	mov	$message_cpuid, %esi
	cmp	%eax, %ecx
	je	boot_refuse
	xor	%eax, %eax
	cpuid
	test	%eax, %eax
	jz	boot_refuse
	mov	$1, %eax
	cpuid
	mov	%edx, %edi
	mov	$message_pse, %esi
	test	$CPUID_PSE, %edi
	jz	boot_refuse
	mov	$message_tsc, %esi
	test	$CPUID_TSC, %edi
	jz	boot_refuse
	mov	$message_pge, %esi
	test	$CPUID_PGE, %edi
	jz	boot_refuse
	mov	$message_cmov, %esi
	test	$CPUID_CMOV, %edi
	jz	boot_refuse
	mov	$message_fxsr, %esi
	test	$CPUID_FXSR, %edi
	jz	boot_refuse
	ret
	.size	check_processor, . - check_processor

	.type	fill_directory, @function
fill_directory:
	mov	$PHYS(boot_directory), %edx
	mov	$PDE_LARGE_RW, %eax
	mov	%eax, (%edx)
	or	$PDE_GLOBAL, %eax
	lea	(KERNEL_BASE >> 20)(%edx), %edx	/* entry KERNEL_BASE / 4 MiB, four bytes each */
	mov	$DIRECT_ENTRIES, %ecx
1:	mov	%eax, (%edx)
	add	$0x400000, %eax
	add	$4, %edx
	loop	1b
	ret
	.size	fill_directory, . - fill_directory

/* Prints the text at ESI (a physical address) on the screen and the serial line, and ends the machine. */
	.type	boot_refuse, @function
boot_refuse:
	mov	$0x3FB, %dx			/* COM1: 115200 baud, 8 bits, no parity */
	mov	$0x80, %al
	out	%al, %dx
	mov	$0x3F8, %dx
	mov	$1, %al
	out	%al, %dx
	inc	%dx
	xor	%eax, %eax
	out	%al, %dx
	mov	$0x3FB, %dx
	mov	$3, %al
	out	%al, %dx
	mov	$0xB8000, %edi
	mov	$0x4F, %ah			/* white on red */
1:	lodsb
	test	%al, %al
	jz	3f
	stosw
	mov	%al, %bl
	mov	$0x3FD, %dx
2:	in	%dx, %al
	test	$0x20, %al			/* transmitter empty */
	jz	2b
	mov	%bl, %al
	mov	$0x3F8, %dx
	out	%al, %dx
	jmp	1b
3:	mov	$127, %eax			/* isa-debug-exit, if there is one */
	mov	$0xF4, %dx
	out	%eax, %dx
4:	cli
	hlt
	jmp	4b
	.size	boot_refuse, . - boot_refuse

	.macro	NEEDED
	.asciz	"; a Pentium II or later is needed\r\n"
	.endm

	.section .boot
message_loader:
	.asciz	"shisho: not started by a Multiboot loader (wrong magic number in EAX)\r\n"
message_cpuid:
	.ascii	"shisho: this processor has no CPUID instruction"
	NEEDED
message_pse:
	.ascii	"shisho: this processor has no 4 MiB pages (PSE)"
	NEEDED
message_tsc:
	.ascii	"shisho: this processor has no time-stamp counter (TSC)"
	NEEDED
message_pge:
	.ascii	"shisho: this processor has no global pages (PGE)"
	NEEDED
message_cmov:
	.ascii	"shisho: this processor has no conditional moves (CMOV)"
	NEEDED
message_fxsr:
	.ascii	"shisho: this processor has no FXSAVE instruction (FXSR)"
	NEEDED

	.section .bss.boot, "aw", @nobits
	.balign 4096
	.globl	boot_directory
boot_directory:
	.skip	4096
	.globl	boot_tsc
boot_tsc:
	.skip	8
	.balign	16
	.globl	boot_stack, boot_stack_top
boot_stack:
	.skip	16384
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
