/*
 * thread_switch_stack(void **save, void *next): puts the current thread's registers on its stack, stores the stack
 * pointer in *save, and goes on where `next` was left. Only what the C calling convention preserves is kept.
 * [System V ABI i386] "Registers and the Stack Frame"
 */
	.text
	.globl	thread_switch_stack
	.type	thread_switch_stack, @function
thread_switch_stack:
	movl	4(%esp), %eax
	movl	8(%esp), %edx
	pushl	%ebp
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	movl	%esp, (%eax)
	movl	%edx, %esp
	popl	%edi
	popl	%esi
	popl	%ebx
	popl	%ebp
	ret
	.size	thread_switch_stack, . - thread_switch_stack

	.section .note.GNU-stack, "", @progbits
