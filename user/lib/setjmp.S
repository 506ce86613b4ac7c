/*
 * setjmp.S - keeps what a function must preserve (System V ABI i386, "Registers and the Stack Frame"), the stack pointer
 * of the caller and its return address. setjmp.h says at which offsets.
 */
#define SYS_rt_sigprocmask 175
#define HAS_MASK 24
#define MASK 28

	.text
	.globl	setjmp, sigsetjmp, longjmp
sigsetjmp:
	movl	4(%esp), %ecx
	movl	8(%esp), %eax
	movl	%eax, HAS_MASK(%ecx)
	testl	%eax, %eax
	jz	save
	leal	MASK(%ecx), %eax
	pushl	$8			/* bytes of a mask */
	pushl	%eax
	pushl	$0			/* nothing new */
	pushl	$0
	pushl	$SYS_rt_sigprocmask
	call	syscall
	addl	$20, %esp
	jmp	save
setjmp:
	movl	4(%esp), %ecx
	movl	$0, HAS_MASK(%ecx)
save:
	movl	4(%esp), %ecx
	movl	%ebx, 0(%ecx)
	movl	%esi, 4(%ecx)
	movl	%edi, 8(%ecx)
	movl	%ebp, 12(%ecx)
	leal	4(%esp), %eax
	movl	%eax, 16(%ecx)
	movl	(%esp), %eax
	movl	%eax, 20(%ecx)
	xorl	%eax, %eax
	ret

longjmp:
	movl	4(%esp), %ecx
	movl	8(%esp), %eax
	testl	%eax, %eax
	jnz	1f
	incl	%eax			/* setjmp returns 0 only once */
1:	movl	0(%ecx), %ebx
	movl	4(%ecx), %esi
	movl	8(%ecx), %edi
	movl	12(%ecx), %ebp
	movl	16(%ecx), %esp
	jmp	*20(%ecx)

	.section .note.GNU-stack, "", @progbits
