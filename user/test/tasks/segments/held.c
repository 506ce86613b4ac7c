/* Events while SS holds an entry of the program's own: the selector is the same afterwards. */
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>

#include "procswap.h"
#include "segments.h"

enum { MINE = SELECTOR(FIRST_ENTRY), ANY = -2 };

static const char *program;

/* => the call's result; SS is as before */
static long call_on_mine(long number, long b, long c)
{
	unsigned int after;
	long result = call_holding(SS, MINE, number, b, c, &after);

	CHECK_EQ(after, MINE);
	return result;
}

/* --- calls --------------------------------------------------------------------------------------------------------- */

static void fork_both_go_on(void *unused)
{
	pid_t pid;

	(void)unused;
	CHECK_EQ(set_flat(FIRST_ENTRY), 0);
	pid = call_on_mine(SYS_fork, 0, 0);
	if (pid == 0)
		_exit(7);
	CHECK_EQ(check_wait(pid), 7 << 8);
}

static void exec_starts_afresh(void *unused)
{
	char *arguments[] = { (char *)program, "again", NULL };

	(void)unused;
	CHECK_EQ(set_flat(FIRST_ENTRY), 0);
	CHECK_EQ(call_on_mine(SYS_execve, (long)program, (long)arguments), 0);
}

/* Other tasks whose entry of the same number is empty, or read-only, run meanwhile. */
static void sleep_while_others_run(void *unused)
{
	struct timespec time = { 0, 3000000 };
	pid_t other;

	(void)unused;
	CHECK_EQ(set_flat(FIRST_ENTRY), 0);
	other = fork();
	if (other == 0) {
		set_entry(FIRST_ENTRY, 0, 0xfffff, BITS_32 | READ_ONLY);
		for (;;)
			sched_yield();
	}
	for (int i = 0; i < 5; i++)
		CHECK_EQ(call_on_mine(SYS_nanosleep, (long)&time, 0), 0);
	for (int i = 0; i < 50; i++)
		CHECK_EQ(call_on_mine(SYS_sched_yield, 0, 0), 0);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
}

static void swapped_out_and_in(void)
{
	struct timespec time = { 0, 40000000 };
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_EQ(set_flat(FIRST_ENTRY), 0);
		CHECK_EQ(call_on_mine(SYS_nanosleep, (long)&time, 0), 0);
		_exit(0);
	}
	nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	procswap_order(pid, "out");
	procswap_order(pid, "in");
	CHECK_EQ(check_wait(pid), 0);
}

/* --- interrupts and faults ----------------------------------------------------------------------------------------- */

static void interrupted_and_faulting(void *unused)
{
	unsigned int after;
	char *page = check_private(1);

	(void)unused;
	CHECK_EQ(set_flat(FIRST_ENTRY), 0);
	__asm__ volatile("movl %%ss, %%edi; movl %2, %%ss; movb $1, (%1); movl $3000000, %%ecx; 1: decl %%ecx; jnz 1b; "
			 "movl %%ss, %0; movl %%edi, %%ss"
			 : "=&r"(after) : "r"(page), "r"(MINE) : "ecx", "edi", "memory");
	CHECK_EQ(after, MINE);
	CHECK_EQ(page[0], 1);
}

struct stack {
	unsigned int base, limit, flags;
	int signal;
};

/* The processor's own pushes and pops through the segment. */
static void push(void *argument)
{
	const struct stack *s = argument;

	CHECK_EQ(set_entry(FIRST_ENTRY, s->base, s->limit, s->flags), 0);
	__asm__ volatile("movl %%ss, %%edi; movl %0, %%ss; pushl %%eax; popl %%eax; movl %%edi, %%ss"
			 : : "r"(MINE) : "edi", "memory");
}

static void pushes(void)
{
	struct stack stacks[] = {
		{ 0, 0xfffff, BITS_32 | IN_PAGES, 0 },
		{ 0, 0, BITS_32 | IN_PAGES | EXPAND_DOWN, 0 },
		{ 0, 0, BITS_32, ANY },				/* beyond its limit, which not every emulator checks */
		{ 0, 0xfffff, BITS_32 | IN_PAGES | EXPAND_DOWN, ANY },
		{ 0x10000000, 0xfffff, BITS_32 | IN_PAGES, SIGSEGV },	/* the kernel's memory */
		{ 0x40000000, 0xfffff, BITS_32 | IN_PAGES, SIGSEGV },
	};

	for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
		int got = check_signal_of(push, &stacks[i]);

		CHECK(got == stacks[i].signal || stacks[i].signal == ANY);
	}
}

/* --- signals ------------------------------------------------------------------------------------------------------- */

static volatile int handled;

static void see(int signal, siginfo_t *info, void *ucontext)
{
	unsigned int ss;

	(void)signal, (void)info, (void)ucontext;
	__asm__ volatile("movl %%ss, %0" : "=r"(ss));
	CHECK(ss != MINE);
	handled++;
}

/* The frame that sigreturn reads holds a selector that has become invalid. */
static void see_and_empty(int signal)
{
	(void)signal;
	set_entry(FIRST_ENTRY, 0, 0, 0);
}

static void told(int signal, siginfo_t *info, void *ucontext)
{
	const ucontext_t *u = ucontext;

	CHECK_EQ(signal, SIGILL);
	CHECK_EQ(info->si_code, ILL_BADSTK);
	CHECK_EQ(u->uc_mcontext.gregs[REG_SS] & 0xffff, MINE);
	CHECK_EQ(u->uc_mcontext.gregs[REG_EBX], getpid());
	_exit(0);
}

static void handle(int signal, void *handler, int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

static void handlers_return(void *unused)
{
	(void)unused;
	CHECK_EQ(set_flat(FIRST_ENTRY), 0);
	handle(SIGUSR1, see, SA_SIGINFO);
	CHECK_EQ(call_on_mine(SYS_kill, getpid(), SIGUSR1), 0);
	handle(SIGUSR1, see, 0);
	CHECK_EQ(call_on_mine(SYS_kill, getpid(), SIGUSR1), 0);
	CHECK_EQ(handled, 2);
}

static void handler_takes_it_away(void *unused)
{
	(void)unused;
	CHECK_EQ(set_flat(FIRST_ENTRY), 0);
	handle(SIGUSR1, see_and_empty, 0);
	call_on_mine(SYS_kill, getpid(), SIGUSR1);
}

static void end_can_be_handled(void *unused)
{
	handle(SIGILL, told, SA_SIGINFO);
	handler_takes_it_away(unused);
	_exit(1);
}

void segments_held(const char *path)
{
	program = path;
	CHECK_SIGNAL(fork_both_go_on, NULL, 0);
	CHECK_SIGNAL(exec_starts_afresh, NULL, 0);
	CHECK_SIGNAL(sleep_while_others_run, NULL, 0);
	swapped_out_and_in();
	CHECK_SIGNAL(interrupted_and_faulting, NULL, 0);
	pushes();
	CHECK_SIGNAL(handlers_return, NULL, 0);
	CHECK_SIGNAL(handler_takes_it_away, NULL, SIGILL);
	CHECK_SIGNAL(end_can_be_handled, NULL, 0);
}
