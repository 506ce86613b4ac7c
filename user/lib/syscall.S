/*
 * syscall.S - long syscall(long number, ...): the only way into the kernel.
 *
 * Linux i386: the number in eax, arguments in ebx, ecx, edx, esi, edi, ebp, then int 0x80. Six
 * words are loaded whatever the call takes: the kernel looks only at those it knows. The result
 * is in eax; -4095 ... -1 is an error, which becomes -1 with the positive number in errno.
 */
	.text
	.globl	syscall
syscall:
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	pushl	%ebp
	movl	20(%esp), %eax
	movl	24(%esp), %ebx
	movl	28(%esp), %ecx
	movl	32(%esp), %edx
	movl	36(%esp), %esi
	movl	40(%esp), %edi
	movl	44(%esp), %ebp
	int	$0x80
	popl	%ebp
	popl	%edi
	popl	%esi
	popl	%ebx
	cmpl	$-4095, %eax
	jae	1f
	ret
1:	negl	%eax
	movl	%eax, errno
	movl	$-1, %eax
	ret

	.section .note.GNU-stack, "", @progbits
