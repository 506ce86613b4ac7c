/*
 * sig-forged - a handler can write anything into its frame, or call sigreturn without one: it gains no privilege. Kernel
 * selectors, privileged flags and missing frames kill it; values that are merely odd do no harm. A 32-bit Linux, and this
 * kernel, answer a CS or SS that the processor refuses with SIGILL; a 64-bit Linux with SIGSEGV.
 */
#include "check.h"

#include <sys/syscall.h>

enum { TF = 0x100, IF = 0x200, IOPL = 0x3000, NT = 0x4000, VM = 0x20000, AC = 0x40000, ID = 0x200000 };
enum { FPU_WORDS = 624 / 4, FPU_MXCSR = (112 + 24) / 4 };

static int which;			/* the register that the handler changes, ... */
static unsigned int value;		/* ... and to what */
static uint32_t seed = 2463534242;

static void alter(int signal, siginfo_t *info, void *ucontext)
{
	(void)signal, (void)info;
	((ucontext_t *)ucontext)->uc_mcontext.gregs[which] = value;
}

static void catch(void *handler)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_SIGINFO };

	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
}

/* The same for a handler without SA_SIGINFO, whose registers follow its argument. */
static void alter_plain(int signal)
{
	unsigned int *context = (unsigned int *)__builtin_frame_address(0) + 3;

	(void)signal;
	context[which] = value;
}

/* The state after the return, as far as a program can see it. */
static struct {
	unsigned int flags;
	unsigned short es, fs, gs;
} after;

static void return_with(int reg, unsigned int to)
{
	which = reg;
	value = to;
	__asm__ volatile("int $0x80; pushfl; popl %0" : "=m"(after.flags)
			 : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1) : "memory");
	__asm__ volatile("movw %%es, %0; movw %%fs, %1; movw %%gs, %2; pushl %%ds; popl %%es"
			 : "=m"(after.es), "=m"(after.fs), "=m"(after.gs));
}

struct change {
	int reg;
	unsigned int value;
};

static void changed(void *argument)
{
	const struct change *c = argument;

	return_with(c->reg, c->value);
}

static void selectors(void)
{
	unsigned int ss, cs;
	static const unsigned int bad[] = { 0, 3, 0x08, 0x10, 0x28, 0x38, 0x7f8, 0xfff8, 0xffff };

	__asm__ volatile("movl %%ss, %0; movl %%cs, %1" : "=r"(ss), "=r"(cs));
	CHECK_SIGNAL(changed, (&(struct change){ REG_CS, ss }), SIGILL);
	CHECK_SIGNAL(changed, (&(struct change){ REG_SS, cs }), SIGILL);
	CHECK_SIGNAL(changed, (&(struct change){ REG_EIP, 0xc0100000 }), SIGSEGV);
	CHECK_SIGNAL(changed, (&(struct change){ REG_EIP, 0 }), SIGSEGV);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if ((bad[i] | 3) != cs && (bad[i] | 3) != 0x33)		/* Linux's 64-bit user code */
			CHECK_SIGNAL(changed, (&(struct change){ REG_CS, bad[i] }), SIGILL);
		if ((bad[i] | 3) != ss)
			CHECK_SIGNAL(changed, (&(struct change){ REG_SS, bad[i] }), SIGILL);
		if ((bad[i] | 3) == ss || (bad[i] | 3) == cs)
			continue;
		return_with(REG_FS, bad[i]);
		CHECK_EQ(after.fs & ~3, 0);
		return_with(REG_GS, bad[i]);
		CHECK_EQ(after.gs & ~3, 0);
		return_with(REG_ES, bad[i]);
		CHECK_EQ(after.es & ~3, 0);
	}
	/* Our selectors with another RPL are still ours, whichever is read back. */
	return_with(REG_ES, ss & ~3);
	CHECK_EQ(after.es & ~3, ss & ~3);
	return_with(REG_CS, cs & ~3);
	return_with(REG_SS, ss & ~3);
}

static void flags(void)
{
	return_with(REG_EFL, ~(TF | AC));
	CHECK_EQ(after.flags & (IF | IOPL | NT | VM), IF);
	CHECK_EQ(after.flags & 0x8d5, 0x8d5);
	return_with(REG_EFL, 0);
	CHECK_EQ(after.flags & (IF | IOPL | NT | VM), IF);
	CHECK_SIGNAL(changed, (&(struct change){ REG_EFL, TF }), SIGTRAP);
}

static void may_do_nothing_more(void *unused)
{
	(void)unused;
	return_with(REG_EFL, IOPL | IF);
	__asm__ volatile("cli");
}

static void no_floating_point(int signal, siginfo_t *info, void *ucontext)
{
	(void)signal, (void)info;
	((ucontext_t *)ucontext)->uc_mcontext.fpregs = (void *)(uintptr_t)value;
}

static void bad_control(int signal, siginfo_t *info, void *ucontext)
{
	unsigned int *fpu = ((ucontext_t *)ucontext)->uc_mcontext.fpregs;

	(void)signal, (void)info;
	fpu[FPU_MXCSR] = 0xffffffff;
}

static void bad_control_is_cleared(void *unused)
{
	unsigned int mxcsr;

	(void)unused;
	return_with(REG_EAX, 0);
	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	CHECK_EQ(mxcsr & 0xffff0000, 0);
}

/* Linux refuses what the unit could not load, or clears it. */
static void floating_point(void)
{
	int got;

	catch(no_floating_point);
	CHECK_SIGNAL(changed, (&(struct change){ 0, 0x10 }), SIGSEGV);
	CHECK_SIGNAL(changed, (&(struct change){ 0, 0xc0000000 }), SIGSEGV);
	CHECK_SIGNAL(changed, (&(struct change){ 0, 0xffffff80 }), SIGSEGV);
	catch(bad_control);
	got = check_signal_of(bad_control_is_cleared, NULL);
	CHECK(got == 0 || got == SIGSEGV);
}

struct call {
	int number;
	void *stack;
};

static void sigreturn(void *argument)
{
	const struct call *c = argument;

	__asm__ volatile("movl %1, %%esp; int $0x80; ud2" : : "a"(c->number), "r"(c->stack) : "memory");
}

static void without_frame(void)
{
	static const int numbers[] = { SYS_sigreturn, SYS_rt_sigreturn };
	char *zeros = check_private(1);
	char *last = check_private(2) + PAGE;

	CHECK_EQ(munmap(last, PAGE), 0);
	for (int i = 0; i < 2; i++) {
		void *stacks[] = { NULL, (void *)4, (void *)0xfff, (void *)0xc0000000, (void *)0xbffffff0,
				   (void *)0xfffffffc, zeros, zeros + PAGE / 2, last - 16, last - 100 };

		for (size_t s = 0; s < sizeof(stacks) / sizeof(stacks[0]); s++)
			CHECK_SIGNAL(sigreturn, (&(struct call){ numbers[i], stacks[s] }),
				     (char *)stacks[s] >= zeros && (char *)stacks[s] < zeros + PAGE ? SIGILL : SIGSEGV);
	}
}

static volatile int told;

static void bad_frame_is_told(int signal, siginfo_t *info, void *ucontext)
{
	(void)signal, (void)ucontext;
	told = info->si_code == SI_KERNEL;
	_exit(told ? 0 : 1);
}

static void handler_sees_it(void *unused)
{
	static char stack[65536];
	stack_t there = { stack, 0, sizeof(stack) };
	struct sigaction action = { .sa_sigaction = bad_frame_is_told, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	(void)unused;
	sigaltstack(&there, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigreturn(&(struct call){ SYS_rt_sigreturn, (void *)0x1000 });
}

/* A few words of the frame are random; EIP stays, so that the task ends. */
static void scribble(int signal, siginfo_t *info, void *ucontext)
{
	ucontext_t *u = ucontext;
	unsigned int *fpu = u->uc_mcontext.fpregs;

	(void)signal, (void)info;
	for (int i = check_random(&seed) % 4; i >= 0; i--) {
		int reg = check_random(&seed) % NGREG;

		if (reg != REG_EIP && reg != REG_ESP && reg != REG_EBP)
			u->uc_mcontext.gregs[reg] = check_random(&seed);
	}
	for (int i = check_random(&seed) % 20; i > 0; i--)
		fpu[check_random(&seed) % FPU_WORDS] = check_random(&seed);
	if (check_random(&seed) % 4 == 0)
		u->uc_mcontext.fpregs = (char *)fpu + check_random(&seed) % 256 - 128;
	u->uc_sigmask.bits[0] = check_random(&seed);
	u->uc_stack.ss_sp = (void *)check_random(&seed);
	u->uc_stack.ss_flags = check_random(&seed) % 4;
}

static void scribbled(void *unused)
{
	(void)unused;
	__asm__ volatile("int $0x80; movl $1, %%eax; xorl %%ebx, %%ebx; int $0x80"
			 : : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1) : "memory");
}

int main(void)
{
	struct sigaction plain = { .sa_handler = alter_plain };

	catch(alter);
	selectors();
	flags();
	CHECK_SIGNAL(may_do_nothing_more, NULL, SIGSEGV);
	CHECK_EQ(sigaction(SIGUSR1, &plain, NULL), 0);
	selectors();
	flags();
	CHECK_SIGNAL(may_do_nothing_more, NULL, SIGSEGV);
	floating_point();
	without_frame();
	CHECK_SIGNAL(handler_sees_it, NULL, 0);
	catch(scribble);
	for (int i = 0; i < 200; i++) {
		check_random(&seed);
		check_in_child(scribbled, NULL);
	}
	return CHECK_OK();
}
