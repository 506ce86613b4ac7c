/*
 * Entry to and exit from the kernel. The frame that is pushed is struct trapframe (trap.h); trap.c
 * asserts the offsets.
 *
 * The kernel itself uses neither FS nor GS, so they keep the user's values while it runs; DS and ES may
 * contain anything at entry, and are loaded. System calls and page faults have short paths of their own: they
 * do not dispatch on the vector. A system call pushes no frame for backtraces either.
 *
 * At exit the saved selectors of the user are popped. A selector may have become invalid meanwhile: it
 * came from a signal frame, which the program can write, or a system call has cleared the table entry
 * that it selects. Then the pop, or for CS and SS the iret, faults in the kernel. trap.c recognises
 * these instructions by their addresses, trap_restore_begin..end and trap_iret: it replaces a popped
 * selector by 0 and continues; a refused iret becomes a signal.
 *
 * C functions get their argument, the frame, in EAX (-mregparm=3).
 *
 * Sources: [SDM3] "Exception- or Interrupt-Handler Procedures", "Error Code"; [SDM2] "IRET".
 */
#define KERNEL_DATA	0x10
#define CS_OFFSET	56
#define EIP_OFFSET	52
#define RETURN_WORK	4		/* in struct trap_ops */
#define PAGE_FAULT	8
#define PAGE_FAULT_VECTOR 14
#define ERROR_CODE_VECTORS 0x60227D00	/* bit n: the processor pushes an error code for vector n */

	.macro	save_registers
	push	%gs
	push	%fs
	push	%es
	push	%ds
	push	%eax
	push	%ebp
	push	%edi
	push	%esi
	push	%edx
	push	%ecx
	push	%ebx
	.endm

	.macro	load_kernel_segments
	mov	$KERNEL_DATA, %edx
	mov	%edx, %ds
	mov	%edx, %es
	cld
	.endm

	.text
	.globl	trap_syscall_entry
	.type	trap_syscall_entry, @function
trap_syscall_entry:
	push	$0
	push	$0x80
	save_registers
	load_kernel_segments
	xor	%ebp, %ebp			/* a backtrace ends here */
	mov	%esp, %eax
	call	*trap_ops			/* its first member: syscall */
.Lreturn_to_user:
	cmpb	$0, thread_work_pending
	jne	work
restore:
	pop	%ebx
	pop	%ecx
	pop	%edx
	pop	%esi
	pop	%edi
	pop	%ebp
	pop	%eax
	.globl	trap_restore_begin, trap_restore_end
trap_restore_begin:
	pop	%ds
	pop	%es
	pop	%fs
	pop	%gs
trap_restore_end:
	add	$8, %esp			/* vector, error */
	.globl	trap_iret
trap_iret:
	iret
work:
	mov	%esp, %eax
	call	*trap_ops + RETURN_WORK
	jmp	restore
	.size	trap_syscall_entry, . - trap_syscall_entry

	/* EAX: the frame, and below it on the stack a frame for backtraces */
	.macro	begin_trap
	save_registers
	load_kernel_segments
	mov	%esp, %eax
	push	EIP_OFFSET(%eax)
	push	%ebp
	mov	%esp, %ebp
	.endm

	.macro	end_trap
	add	$8, %esp
	testb	$3, CS_OFFSET(%esp)
	jnz	.Lreturn_to_user
	jmp	restore
	.endm

	.type	trap_common, @function
trap_common:
	begin_trap
	call	trap_dispatch
	end_trap
	.size	trap_common, . - trap_common

	.type	trap_page_fault, @function
trap_page_fault:
	begin_trap
	mov	%cr2, %edx			/* the address */
	call	*trap_ops + PAGE_FAULT
	end_trap
	.size	trap_page_fault, . - trap_page_fault

	.globl	trap_continue
	.type	trap_continue, @function
trap_continue:
	mov	%eax, %esp
	jmp	.Lreturn_to_user
	.size	trap_continue, . - trap_continue

	.globl	trap_exit_to_user
	.type	trap_exit_to_user, @function
trap_exit_to_user:
	mov	%eax, %esp
	jmp	restore
	.size	trap_exit_to_user, . - trap_exit_to_user

/*
 * One entry per vector. For 8, 10-14, 17, 21, 29, 30 the processor has pushed an error code; the
 * entries of the others push 0.
 */
	.altmacro
	.macro	entry number
	.type	trap_entry_\number, @function
trap_entry_\number:
	.if	((ERROR_CODE_VECTORS >> \number) & 1) == 0
	push	$0
	.endif
	push	$\number
	.if	\number == PAGE_FAULT_VECTOR
	jmp	trap_page_fault
	.else
	jmp	trap_common
	.endif
	.size	trap_entry_\number, . - trap_entry_\number
	.endm

	.set	vector, 0
	.rept	48
	entry	%vector
	.set	vector, vector + 1
	.endr

	.section .rodata
	.balign	4
	.globl	trap_entries
trap_entries:
	.macro	pointer number
	.long	trap_entry_\number
	.endm
	.set	vector, 0
	.rept	48
	pointer	%vector
	.set	vector, vector + 1
	.endr

	.section .note.GNU-stack, "", @progbits
