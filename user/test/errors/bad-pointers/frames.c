/*
 * What the kernel reads and writes where ESP points: frames of signals, on a stack of their own and on the usual one,
 * and what sigreturn restores. If that is bad the task is killed by SIGSEGV: there is no way to continue.
 */
#include "bad-pointers.h"

#include <sys/syscall.h>

enum { STACK = 4 * PAGE, OLD_FRAME = 732, NEW_FRAME = 268, FLOAT_AT = 8 + 76 };

static struct place at;
static const struct kind *kind;

/* The last step before the attempt, in the task that makes it. */
static void make_ready(void)
{
	if (kind->last)
		kind->last(&at);
}

/* --- building ---------------------------------------------------------------------------------------------------- */

static void done(int signal)
{
	volatile char used[64];

	used[0] = signal;
	(void)used[0];
}

static void catch(unsigned int flags)
{
	struct sigaction action = { .sa_handler = done, .sa_flags = flags };

	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
}

static void on_own_stack(void)
{
	stack_t stack = { .ss_sp = at.p, .ss_size = STACK };

	catch(SA_ONSTACK);
	if (sigaltstack(&stack, NULL) < 0)
		_exit(errno);
	make_ready();
	kill(getpid(), SIGUSR1);
}

/* ESP is the place's end during the call that raises the signal. */
static void on_usual_stack(void)
{
	static long saved;
	long pid = getpid(), result;

	catch(0);
	make_ready();
	asm volatile("movl %%esp, %2\n\tmovl %3, %%esp\n\tint $0x80\n\tmovl %2, %%esp"
		     : "=a"(result), "+b"(pid), "+m"(saved)
		     : "r"(at.p + STACK), "a"(SYS_kill), "c"(SIGUSR1)
		     : "memory", "cc");
	CHECK_EQ(result, 0);
}

/* --- taking back ------------------------------------------------------------------------------------------------- */

static void __attribute__((noreturn)) return_from(long number, char *esp)
{
	make_ready();
	asm volatile("movl %1, %%esp\n\tint $0x80" : : "a"(number), "r"(esp) : "memory");
	__builtin_unreachable();
}

/* N bytes, or as many as there is room for. */
static void copy(const char *from, size_t n)
{
	for (char *c = at.p; c < at.end && c < at.p + n; c++)
		*c = *from++;
}

/* A frame begins with the word before the handler's argument, its return address. */
#define FRAME ((char *)__builtin_frame_address(0) + 4)

static void return_old(int signal)
{
	(void)signal;
	copy(FRAME, OLD_FRAME);
	return_from(SYS_sigreturn, at.p + 8);
}

static void return_new(int signal)
{
	(void)signal;
	copy(FRAME, NEW_FRAME);
	return_from(SYS_rt_sigreturn, at.p + 4);
}

static void return_float(int signal)
{
	char *frame = FRAME;

	(void)signal;
	*(char **)(frame + FLOAT_AT) = at.p;
	return_from(SYS_sigreturn, frame + 8);
}

static void raise_to(void (*handler)(int), unsigned int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	kill(getpid(), SIGUSR1);
}

static void back_old(void)
{
	raise_to(return_old, 0);
}

static void back_new(void)
{
	raise_to(return_new, SA_SIGINFO);
}

static void back_float(void)
{
	raise_to(return_float, 0);
}

/* --- all of them ------------------------------------------------------------------------------------------------- */

static const struct frame_case {
	const char *name;
	size_t size;
	void (*try)(void);
} cases[] = {
	{ "own stack of a signal", STACK, on_own_stack },
	{ "usual stack of a signal", STACK, on_usual_stack },
	{ "frame of sigreturn", OLD_FRAME, back_old },
	{ "frame of rt_sigreturn", NEW_FRAME, back_new },
	/* The size of a good one depends on the processor: only places that are bad as a whole. */
	{ "float frame of sigreturn", 0, back_float },
};

/* In a child, which makes the place again: pages inherited by fork are shared, and would not be swapped out. */
static void try_frame(void *argument)
{
	const struct frame_case *c = argument;

	if (!kind->shared)
		kind->make(c->size, kind->n, &at);
	c->try();
}

static void frame_case(const struct frame_case *c, void (*tell)(const char *name, const char *kind, const char *result))
{
	char result[32];
	int status;

	if (!kind->make(c->size, kind->n, &at) || (!c->size && at.end))
		return;
	status = check_in_child(try_frame, (void *)c);
	if (WIFSIGNALED(status))
		snprintf(result, sizeof(result), "killed by %d", WTERMSIG(status));
	else
		snprintf(result, sizeof(result), "exits with %d", WEXITSTATUS(status));
	tell(c->name, kind->name, result);
}

void frame_cases(void (*tell)(const char *name, const char *kind, const char *result))
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (kind = kinds; kind->name; kind++)
			frame_case(&cases[i], tell);
}
