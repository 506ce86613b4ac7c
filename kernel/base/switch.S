/*
 * thread_switch_stack(void **save, void *next): the context switch. SAVE is in EAX, NEXT in EDX (-mregparm=3).
 *
 * Pushes the current thread's registers on its stack, stores its stack pointer in *save, loads the stack pointer `next`
 * and pops the other thread's registers; the return address there continues that thread. Only the registers that the C
 * calling convention makes the callee preserve need saving: for the caller this is an ordinary function call.
 *
 * Source: [System V ABI i386] "Registers and the Stack Frame".
 */
	.text
	.globl	thread_switch_stack
	.type	thread_switch_stack, @function
thread_switch_stack:
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
