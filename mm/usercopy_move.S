/*
 * u32 usercopy_move(void *dst, const void *src, u32 n): copies, and returns how many bytes could not be copied. The arguments
 * are in EAX, EDX and ECX (-mregparm=3).
 *
 * Either side may be in user space. If a fault cannot be resolved, usercopy_fixup() (usercopy.c) moves the processor from the
 * string instruction that faulted to its exit: [SDM2] "REP" - the registers tell how much was copied. The rest of the words
 * is tried again byte by byte, so that the result is exact.
 */
	.text
	.globl	usercopy_move, usercopy_words, usercopy_words_failed, usercopy_bytes, usercopy_bytes_failed
	.type	usercopy_move, @function
usercopy_move:
	pushl	%esi
	pushl	%edi
	movl	%eax, %edi
	movl	%edx, %esi
	movl	%ecx, %edx
	andl	$3, %edx
	shrl	$2, %ecx
usercopy_words:
	rep movsl
	movl	%edx, %ecx
usercopy_bytes:
	rep movsb
usercopy_bytes_failed:
	movl	%ecx, %eax
	popl	%edi
	popl	%esi
	ret

usercopy_words_failed:
	leal	(%edx,%ecx,4), %ecx
	jmp	usercopy_bytes
	.size	usercopy_move, . - usercopy_move

	.section .note.GNU-stack, "", @progbits
