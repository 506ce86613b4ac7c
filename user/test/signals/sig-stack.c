/*
 * sig-stack - a handler on an alternate stack catches the overflow of the ordinary one; without room for a frame the program
 * is killed; the rules of sigaltstack.
 */
#include "check.h"

#include <setjmp.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum { STACK = 65536 };

static char *stack;
static sigjmp_buf out;
static volatile int calls;
static stack_t inside;
static volatile uintptr_t where;
static unsigned int told_flags;
static void *told_stack;

static int use(void *start, size_t size, unsigned int flags)
{
	stack_t s = { start, flags, size };

	return sigaltstack(&s, NULL);
}

static void catch(int signal, void *handler, unsigned long flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

static void look(int signal, siginfo_t *info, void *ucontext)
{
	char local;

	(void)signal, (void)info;
	where = (uintptr_t)&local;
	told_flags = ((ucontext_t *)ucontext)->uc_stack.ss_flags;
	told_stack = ((ucontext_t *)ucontext)->uc_stack.ss_sp;
	CHECK_EQ(sigaltstack(NULL, &inside), 0);
	calls++;
}

static bool was_on_stack(void)
{
	return where >= (uintptr_t)stack && where < (uintptr_t)stack + STACK;
}

static void rules(void)
{
	stack_t now;

	CHECK_EQ(sigaltstack(NULL, &now), 0);
	CHECK_EQ(now.ss_flags, SS_DISABLE);
	CHECK_ERROR(use(stack, 1024, 0), ENOMEM);
	CHECK_ERROR(use(stack, STACK, 4), EINVAL);
	CHECK_ERROR(sigaltstack((stack_t *)1, NULL), EFAULT);
	CHECK_ERROR(sigaltstack(NULL, (stack_t *)1), EFAULT);
	catch(SIGUSR1, look, SA_SIGINFO | SA_ONSTACK);
	raise(SIGUSR1);
	CHECK(!was_on_stack());
	CHECK_EQ(use(stack, STACK, 0), 0);
	CHECK_EQ(sigaltstack(NULL, &now), 0);
	CHECK_EQ(now.ss_flags, 0);
	CHECK_AT(now.ss_sp, stack);
	CHECK_EQ(now.ss_size, STACK);
	raise(SIGUSR1);
	CHECK(was_on_stack());
	CHECK_EQ(inside.ss_flags, SS_ONSTACK);
	CHECK_EQ(told_flags, 0);
	CHECK_AT(told_stack, stack);
	catch(SIGUSR1, look, SA_SIGINFO);
	raise(SIGUSR1);
	CHECK(!was_on_stack());
	CHECK_EQ(use(NULL, 0, SS_DISABLE), 0);
	CHECK_EQ(use(stack, STACK, SS_AUTODISARM), 0);
	catch(SIGUSR1, look, SA_SIGINFO | SA_ONSTACK);
	raise(SIGUSR1);
	CHECK(was_on_stack());
	CHECK_EQ(inside.ss_flags, SS_DISABLE);
	CHECK_EQ(sigaltstack(NULL, &now), 0);
	CHECK_AT(now.ss_sp, stack);
	CHECK_EQ(now.ss_flags, SS_AUTODISARM);
	CHECK_EQ(use(NULL, 0, SS_DISABLE), 0);
}

static volatile int refused;

static void change_it(int signal)
{
	(void)signal;
	refused = use(stack, STACK / 2, 0) == -1 && errno == EPERM;
}

/* A handler that interrupts another one on the alternate stack gets its frame below that. */
static void second(int signal)
{
	char local;

	(void)signal;
	CHECK((uintptr_t)&local < where && (uintptr_t)&local > (uintptr_t)stack);
	calls++;
}

static void first(int signal)
{
	char local;

	(void)signal;
	where = (uintptr_t)&local;
	calls++;
	raise(SIGUSR2);
	CHECK_EQ(calls, 2);
}

static void on_it(void)
{
	CHECK_EQ(use(stack, STACK, 0), 0);
	catch(SIGUSR1, change_it, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK_EQ(refused, 1);
	catch(SIGUSR1, first, SA_ONSTACK);
	catch(SIGUSR2, second, SA_ONSTACK);
	calls = 0;
	raise(SIGUSR1);
	CHECK_EQ(calls, 2);
}

static void overflowed(int signal, siginfo_t *info, void *ucontext)
{
	uintptr_t esp = ((ucontext_t *)ucontext)->uc_mcontext.gregs[REG_ESP];

	(void)signal;
	CHECK((uintptr_t)info->si_addr - esp + 65536 < 131072);
	calls++;
	siglongjmp(out, 1);
}

static __attribute__((noinline)) int recurse(int depth)
{
	volatile char frame[1000];

	frame[0] = depth;
	return depth ? recurse(depth + 1) + frame[0] : 0;
}

static void overflow(void *unused)
{
	(void)unused;
	recurse(1);
}

static void overflow_is_caught(void)
{
	calls = 0;
	catch(SIGSEGV, overflowed, SA_SIGINFO | SA_ONSTACK);
	for (int i = 0; i < 3; i++)
		if (sigsetjmp(out, 1) == 0)
			overflow(NULL);
	CHECK_EQ(calls, 3);
	/* Without the stack there is no room for the frame. */
	CHECK_EQ(use(NULL, 0, SS_DISABLE), 0);
	CHECK_SIGNAL(overflow, NULL, SIGSEGV);
}

static void overflow_there(int signal)
{
	(void)signal;
	recurse(1);
}

static void deeper(int signal)
{
	raise(signal);
}

static void blocked_there(void *guarded)
{
	CHECK_EQ(use(guarded, STACK, 0), 0);
	catch(SIGSEGV, overflow_there, SA_ONSTACK);
	recurse(1);
}

/* Below the stack there is memory, but it does not belong to the stack. */
static void full(void *unused)
{
	(void)unused;
	CHECK_EQ(use(stack + STACK / 2, STACK / 2, 0), 0);
	signal(SIGSEGV, SIG_DFL);
	catch(SIGUSR1, deeper, SA_ONSTACK | SA_NODEFER);
	raise(SIGUSR1);
}

/* A frame of another signal that cannot be written is a fault too, which a handler on another stack can catch. */
static void no_room_for_another(void)
{
	CHECK_EQ(use(stack, STACK, 0), 0);
	catch(SIGUSR1, look, SA_SIGINFO);
	catch(SIGSEGV, overflowed, SA_SIGINFO | SA_ONSTACK);
	calls = 0;
	if (sigsetjmp(out, 1) == 0)
		__asm__ volatile("movl $0x2000, %%esp; int $0x80; ud2"
				 : : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1) : "memory");
	CHECK_EQ(calls, 1);
}

static void without_stack(void *unused)
{
	(void)unused;
	catch(SIGUSR1, look, SA_SIGINFO);
	__asm__ volatile("movl $0x2000, %%esp; int $0x80; ud2"
			 : : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1) : "memory");
}

int main(void)
{
	struct rlimit small = { 256 * 1024, RLIM_INFINITY };
	char *guarded;

	setrlimit(RLIMIT_STACK, &small);
	stack = check_map(STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	guarded = check_map(STACK + PAGE, PROT_NONE, MAP_PRIVATE);
	CHECK_EQ(mprotect(guarded + PAGE, STACK, PROT_READ | PROT_WRITE), 0);
	rules();
	on_it();
	overflow_is_caught();
	CHECK_SIGNAL(blocked_there, guarded + PAGE, SIGSEGV);
	CHECK_SIGNAL(full, NULL, SIGSEGV);
	CHECK_SIGNAL(without_stack, NULL, SIGSEGV);
	no_room_for_another();
	return CHECK_OK();
}
