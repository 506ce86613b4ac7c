/*
 * crt0.S - where every program begins.
 *
 * The kernel leaves the stack as the System V ABI for i386 says ("Process Initialization"):
 *
 *	esp -> argc, argv[0] ... argv[argc-1], NULL, envp[0] ..., NULL, auxiliary vector
 *
 * main() is called with these three and with a stack aligned to 16 bytes, which compilers rely on;
 * what it returns is the exit status.
 */
	.text
	.globl	_start
_start:
	xorl	%ebp, %ebp		/* the outermost frame: backtraces end here */
	popl	%eax			/* argc */
	movl	%esp, %ecx		/* argv */
	leal	4(%ecx,%eax,4), %edx	/* envp follows argv and its NULL */
	movl	%edx, environ
	andl	$-16, %esp
	subl	$4, %esp		/* with the three arguments below: 16 bytes */
	pushl	%edx
	pushl	%ecx
	pushl	%eax
	call	main
	movl	%eax, (%esp)
	call	exit
	ud2

	.section .note.GNU-stack, "", @progbits
