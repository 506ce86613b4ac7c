/*
 * sig-fault - a handler learns what an instruction did wrong: which signal, why, where, and the processor's error code. After
 * the handler the instruction is tried again. A task that blocks or ignores such a signal is killed.
 */
#include "check.h"

#include <setjmp.h>

static sigjmp_buf out;
static siginfo_t seen;
static mcontext_t context;

static void leave(int signal, siginfo_t *info, void *ucontext)
{
	(void)signal;
	seen = *info;
	context = ((ucontext_t *)ucontext)->uc_mcontext;
	siglongjmp(out, 1);
}

static void catch(int signal, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };

	CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

enum { DIVIDE = 0, DEBUG = 1, BREAKPOINT = 3, INVALID = 6, PROTECTION = 13, PAGE_FAULT = 14, FLOATING = 16 };
enum { PRESENT = 1, WRITE = 2, USER = 4 };

/* f(address) raises this signal, for this reason. */
static void raises(void (*f)(void *), void *address, int signal, int code, int trap)
{
	seen.si_signo = 0;
	if (sigsetjmp(out, 1) == 0) {
		f(address);
		CHECK(!"it went on");
	}
	CHECK_EQ(seen.si_signo, signal);
	CHECK_EQ(seen.si_code, code);
	CHECK_EQ(context.gregs[REG_TRAPNO], trap);
}

static void memory(void (*f)(void *), void *address, int signal, int code, int error)
{
	raises(f, address, signal, code, PAGE_FAULT);
	CHECK_AT(seen.si_addr, address);
	CHECK_EQ(context.cr2, (unsigned long)address);
	CHECK_EQ(context.gregs[REG_ERR] & (PRESENT | WRITE | USER), error);
}

static void accesses(void)
{
	char *area = check_private(4), *file;
	int fd = memfd_create("short", 0);

	CHECK_EQ(munmap(area + PAGE, PAGE), 0);
	CHECK_EQ(mprotect(area + 2 * PAGE, PAGE, PROT_READ), 0);
	CHECK_EQ(mprotect(area + 3 * PAGE, PAGE, PROT_NONE), 0);
	memory(check_load, NULL, SIGSEGV, SEGV_MAPERR, USER);
	memory(check_store, (void *)8, SIGSEGV, SEGV_MAPERR, USER | WRITE);
	memory(check_load, area + PAGE + 5, SIGSEGV, SEGV_MAPERR, USER);
	memory(check_store, area + 2 * PAGE + 7, SIGSEGV, SEGV_ACCERR, USER | WRITE);
	check_load(area + 2 * PAGE);
	memory(check_store, area + 2 * PAGE + 7, SIGSEGV, SEGV_ACCERR, USER | WRITE | PRESENT);
	memory(check_load, area + 3 * PAGE, SIGSEGV, SEGV_ACCERR, USER);
	CHECK_EQ(ftruncate(fd, PAGE), 0);
	file = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(file != MAP_FAILED);
	check_store(file);
	memory(check_load, file + PAGE, SIGBUS, BUS_ADRERR, USER);
	memory(check_store, file + PAGE + 9, SIGBUS, BUS_ADRERR, USER | WRITE);
	close(fd);
}

#define DOES(name, code) \
	static void name(void *unused) \
	{ \
		(void)unused; \
		__asm__ volatile(code ::: "eax", "ecx", "edx", "memory"); \
	}

DOES(divide, "xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx")
DOES(overflow, "movl $0x80000000, %%eax; cltd; movl $-1, %%ecx; idivl %%ecx")
DOES(illegal, "ud2")
DOES(breakpoint, "int3")
DOES(privileged, "hlt")
DOES(bad_segment, "movw $0x7f0, %%ax; movw %%ax, %%es")
DOES(step, "pushfl; orl $0x100, (%%esp); popfl; nop; nop")
DOES(divide_float, "fnclex; pushl $0x037b; fldcw (%%esp); fld1; fldz; fdivrp; fwait; popl %%eax")
DOES(invalid_float, "fnclex; pushl $0x037e; fldcw (%%esp); fldz; fldz; fdivrp; fwait; popl %%eax")

static void exceptions(void)
{
	raises(divide, NULL, SIGFPE, FPE_INTDIV, DIVIDE);
	CHECK_AT(seen.si_addr, context.gregs[REG_EIP]);
	raises(overflow, NULL, SIGFPE, FPE_INTDIV, DIVIDE);
	raises(illegal, NULL, SIGILL, ILL_ILLOPN, INVALID);
	CHECK_AT(seen.si_addr, context.gregs[REG_EIP]);
	raises(breakpoint, NULL, SIGTRAP, SI_KERNEL, BREAKPOINT);
	CHECK_EQ(((unsigned char *)context.gregs[REG_EIP])[-1], 0xcc);
	raises(privileged, NULL, SIGSEGV, SI_KERNEL, PROTECTION);
	CHECK_AT(seen.si_addr, NULL);
	raises(bad_segment, NULL, SIGSEGV, SI_KERNEL, PROTECTION);
	CHECK_EQ(context.gregs[REG_ERR], 0x7f0);
	raises(step, NULL, SIGTRAP, TRAP_TRACE, DEBUG);
	raises(divide_float, NULL, SIGFPE, FPE_FLTDIV, FLOATING);
	__asm__ volatile("fninit");
	raises(invalid_float, NULL, SIGFPE, FPE_FLTINV, FLOATING);
	__asm__ volatile("fninit");
}

static char *closed;
static void *volatile nowhere;
static volatile int opened;

static void open_page(int signal, siginfo_t *info, void *ucontext)
{
	char *page = (char *)((uintptr_t)info->si_addr & -PAGE);

	(void)signal, (void)ucontext;
	CHECK_EQ(mprotect(page, PAGE, PROT_READ | PROT_WRITE), 0);
	page[PAGE - 1] = 'x';
	opened++;
}

/* The same instruction again, also one that is half completed. */
static void tried_again(void)
{
	char *to = closed;
	const char *from = closed + 4 * PAGE;
	unsigned long n = 3 * PAGE;

	catch(SIGSEGV, open_page);
	check_store(closed);
	CHECK_EQ(opened, 1);
	CHECK_EQ(closed[PAGE - 1], 'x');
	CHECK_EQ(mprotect(closed, PAGE, PROT_NONE), 0);
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
	CHECK_EQ(opened, 7);
	CHECK_AT(to, closed + 3 * PAGE);
	CHECK_EQ(closed[PAGE - 1], 'x');
	catch(SIGSEGV, leave);
}

static void blocked(void *unused)
{
	sigset_t set = { { 0 } };

	(void)unused;
	sigaddset(&set, SIGSEGV);
	sigprocmask(SIG_BLOCK, &set, NULL);
	check_store(nowhere);
}

static void ignored(void *unused)
{
	(void)unused;
	signal(SIGSEGV, SIG_IGN);
	check_store(nowhere);
}

static void in_its_own_handler(int signal)
{
	(void)signal;
	check_store(nowhere);
}

static void twice(void *unused)
{
	(void)unused;
	signal(SIGSEGV, in_its_own_handler);
	check_store(nowhere);
}

/* Sent by a task, it is a signal like any other. */
static void may_be_sent(void *unused)
{
	sigset_t set = { { 0 } };

	(void)unused;
	sigaddset(&set, SIGSEGV);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGSEGV);
	signal(SIGSEGV, SIG_IGN);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGSEGV);
}

int main(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		catch(signals[i], leave);
	closed = check_map(8 * PAGE, PROT_NONE, MAP_PRIVATE);
	accesses();
	exceptions();
	tried_again();
	CHECK_SIGNAL(blocked, NULL, SIGSEGV);
	CHECK_SIGNAL(ignored, NULL, SIGSEGV);
	CHECK_SIGNAL(twice, NULL, SIGSEGV);
	CHECK_SIGNAL(may_be_sent, NULL, 0);
	return CHECK_OK();
}
