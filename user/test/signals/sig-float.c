/*
 * sig-float - a handler computes with a fresh floating-point unit, and the interrupted code finds its own state again; the
 * frame holds the state, and changes by the handler take effect.
 */
#include "check.h"

#include <sys/syscall.h>

enum { MAGIC = 110 / 2, EXTENDED = 112, XMM0 = EXTENDED + 160 };
enum { OTHER_CONTROL = 0x0f7f, OTHER_MXCSR = 0x7f80 };

static volatile int calls;
static bool has_sse;

static uint16_t control_word(void)
{
	uint16_t word;

	__asm__ volatile("fnstcw %0" : "=m"(word));
	return word;
}

static uint32_t mxcsr(void)
{
	uint32_t word;

	__asm__ volatile("stmxcsr %0" : "=m"(word));
	return word;
}

static bool sse(void)
{
	unsigned int eax = 1, ebx, ecx, edx;

	__asm__("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return edx >> 25 & 1;
}

/* Finds no values of the program in the registers, and overwrites all of them. */
static void compute(int signal, siginfo_t *info, void *ucontext)
{
	uint16_t *frame = ((ucontext_t *)ucontext)->uc_mcontext.fpregs;
	uint32_t environment[7];

	(void)signal, (void)info;
	CHECK_EQ(control_word(), 0x037f);
	__asm__ volatile("fnstenv %0" : "=m"(environment));
	CHECK_EQ(environment[2] & 0xffff, 0xffff);	/* all empty */
	CHECK_EQ(frame[0], OTHER_CONTROL);
	CHECK_EQ(frame[MAGIC], 0);
	CHECK_EQ(frame[EXTENDED / 2], OTHER_CONTROL);
	__asm__ volatile("fninit; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi");
	if (has_sse) {
		CHECK_EQ(mxcsr(), 0x1f80);
		__asm__ volatile("pcmpeqd %xmm0, %xmm0; movaps %xmm0, %xmm1; movaps %xmm0, %xmm7");
	}
	calls++;
}

static uint32_t xmm[8][4];

static void load(int start)
{
	uint32_t other = OTHER_MXCSR;
	uint16_t control = OTHER_CONTROL;

	__asm__ volatile("fninit; fldcw %0" : : "m"(control));
	for (int i = 0; i < 8; i++) {
		int value = start + i;

		__asm__ volatile("fildl %0" : : "m"(value));
		for (int j = 0; j < 4; j++)
			xmm[i][j] = start * 1000 + i * 4 + j;
	}
	if (has_sse)
		__asm__ volatile("ldmxcsr %0; movups (%1), %%xmm0; movups 16(%1), %%xmm1; movups 112(%1), %%xmm7"
				 : : "m"(other), "r"(xmm));
}

static void verify(int start)
{
	uint32_t found[3][4];

	CHECK_EQ(control_word(), OTHER_CONTROL);
	for (int i = 7; i >= 0; i--) {
		int value;

		__asm__ volatile("fistpl %0" : "=m"(value));
		CHECK_EQ(value, start + i);
	}
	if (!has_sse)
		return;
	CHECK_EQ(mxcsr(), OTHER_MXCSR);
	__asm__ volatile("movups %%xmm0, (%0); movups %%xmm1, 16(%0); movups %%xmm7, 32(%0)" : : "r"(found) : "memory");
	CHECK_EQ(memcmp(found[0], xmm[0], 16), 0);
	CHECK_EQ(memcmp(found[1], xmm[1], 16), 0);
	CHECK_EQ(memcmp(found[2], xmm[7], 16), 0);
}

static void change(int signal, siginfo_t *info, void *ucontext)
{
	char *frame = ((ucontext_t *)ucontext)->uc_mcontext.fpregs;

	(void)signal, (void)info;
	*(uint16_t *)frame = 0x027f;
	memset(frame + XMM0, 0x5a, 16);
}

static void forget(int signal, siginfo_t *info, void *ucontext)
{
	(void)signal, (void)info;
	((ucontext_t *)ucontext)->uc_mcontext.fpregs = NULL;
}

static void catch(void *handler, unsigned long flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
}

static void plain(int signal)
{
	(void)signal;
	CHECK_EQ(control_word(), 0x037f);
	__asm__ volatile("fldpi; fldpi");
	calls++;
}

static void frame_obeyed(void)
{
	uint32_t found[4], expected[4];

	catch(change, SA_SIGINFO);
	load(0);
	raise(SIGUSR1);
	CHECK_EQ(control_word(), 0x027f);
	memset(expected, 0x5a, 16);
	if (has_sse) {
		__asm__ volatile("movups %%xmm0, (%0)" : : "r"(found) : "memory");
		CHECK_EQ(memcmp(found, expected, 16), 0);
	}
	catch(forget, SA_SIGINFO);
	raise(SIGUSR1);
	CHECK_EQ(control_word(), 0x037f);
	__asm__ volatile("fninit");
}

static void no_room(int signal, siginfo_t *info, void *ucontext)
{
	uint16_t *frame = ((ucontext_t *)ucontext)->uc_mcontext.fpregs;

	(void)signal, (void)info;
	_exit(frame[0] == OTHER_CONTROL ? 0 : 1);
}

/* The frame of one signal fits only in part: in the frame of the resulting SIGSEGV the state is still complete. */
static void kept_without_room(void *unused)
{
	static char stack[65536];
	stack_t there = { stack, 0, sizeof(stack) };
	struct sigaction action = { .sa_sigaction = no_room, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	char *area = check_private(2);

	(void)unused;
	CHECK_EQ(munmap(area, PAGE), 0);
	sigaltstack(&there, NULL);
	CHECK_EQ(sigaction(SIGSEGV, &action, NULL), 0);
	catch(compute, SA_SIGINFO);
	load(1);
	__asm__ volatile("movl %3, %%esp; int $0x80; ud2"
			 : : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1), "S"(area + PAGE + 720) : "memory");
}

/* Handlers in two programs at once: their states are separate. */
static void both(void)
{
	pid_t pid = fork();
	int start = pid ? 100 : 200;

	for (int i = 0; i < 300; i++) {
		load(start + i);
		raise(SIGUSR1);
		verify(start + i);
	}
	if (pid == 0)
		_exit(0);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
	has_sse = sse();
	catch(compute, SA_SIGINFO);
	load(1);
	raise(SIGUSR1);
	verify(1);
	CHECK_EQ(calls, 1);
	both();
	catch(plain, 0);
	load(5);
	raise(SIGUSR1);
	verify(5);
	frame_obeyed();
	CHECK_SIGNAL(kept_without_room, NULL, 0);
	return CHECK_OK();
}
