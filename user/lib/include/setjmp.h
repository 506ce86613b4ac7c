/* setjmp.h: non-local jumps, out of a function or a signal handler. */
#ifndef SETJMP_H
#define SETJMP_H

#include <signal.h>

/* setjmp.S knows the order. */
typedef struct {
	unsigned long ebx, esi, edi, ebp, esp, eip;
	int has_mask;
	sigset_t mask;
} jmp_buf[1], sigjmp_buf[1];

int setjmp(jmp_buf place) __attribute__((returns_twice));
void longjmp(jmp_buf place, int value) __attribute__((noreturn));

/* With the mask of signals, if save is not 0. */
int sigsetjmp(sigjmp_buf place, int save) __attribute__((returns_twice));
void siglongjmp(sigjmp_buf place, int value) __attribute__((noreturn));

#endif
