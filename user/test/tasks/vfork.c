/*
 * vfork - a task that waits for its vfork child to release its memory can be killed meanwhile. It ends at once, and the child
 * continues in that memory. Any other signal has to wait.
 */
#include "check.h"

#include <sched.h>
#include <sys/syscall.h>

#include "procswap.h"

/* In memory that all these tasks share. */
static struct shared {
	volatile int child_runs, child_may_end, child_ended, handled, returned;
	volatile pid_t middle;
} *shared;

/* The child leaves only by _exit(): it runs on its parent's stack. */
static inline __attribute__((always_inline)) long raw_vfork(void)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "0"(SYS_vfork) : "memory");
	return result;
}

static void pause_until(volatile int *flag)
{
	while (!*flag)
		sched_yield();
}

static __attribute__((noreturn)) void be_child(volatile int *in_parent)
{
	shared->child_runs = 1;
	pause_until(&shared->child_may_end);
	*in_parent = 7;
	shared->child_ended = *in_parent == 7;
	_exit(5);
}

static void wait_in_vfork(void *unused)
{
	volatile int local = 1;

	(void)unused;
	if (raw_vfork() == 0)
		be_child(&local);
	shared->returned = 1;
	_exit(3);
}

/*
 * The middle one lends memory that it has borrowed itself. When it is killed, Linux lets the first one continue beside the
 * child, in the same memory; here it waits for that child too.
 */
static void wait_in_two(void *unused)
{
	volatile int local = 1;

	(void)unused;
	if (raw_vfork() == 0) {
		shared->middle = getpid();
		if (raw_vfork() == 0)
			be_child(&local);
		_exit(4);
	}
	shared->returned = local == 7;
	_exit(3);
}

static void count(int signal)
{
	(void)signal;
	shared->handled++;
}

static void wait_with_handler(void *unused)
{
	signal(SIGUSR1, count);
	wait_in_vfork(unused);
}

/* => the new task, once its child runs */
static pid_t start(void (*f)(void *))
{
	pid_t pid;

	memset((void *)shared, 0, sizeof(*shared));
	pid = fork();
	if (pid == 0)
		f(NULL);
	CHECK(pid > 0);
	pause_until(&shared->child_runs);
	return pid;
}

static void end_child(void)
{
	shared->child_may_end = 1;
	pause_until(&shared->child_ended);
}

static void killed_by(int signal)
{
	pid_t pid = start(wait_in_vfork);

	CHECK_EQ(kill(pid, signal), 0);
	CHECK_EQ(check_wait(pid), signal);
	CHECK_EQ(shared->child_ended, 0);
	end_child();
}

static void middle_is_killed(void)
{
	pid_t pid = start(wait_in_two);

	CHECK_EQ(kill(shared->middle, SIGKILL), 0);
	for (int i = 0; i < 20; i++)
		sched_yield();
	CHECK_EQ(shared->returned, 0);
	end_child();
	CHECK_EQ(check_wait(pid), 3 << 8);
}

static void handler_waits(void)
{
	pid_t pid = start(wait_with_handler);

	CHECK_EQ(kill(pid, SIGUSR1), 0);
	for (int i = 0; i < 20; i++)
		sched_yield();
	CHECK_EQ(shared->handled, 0);
	end_child();
	CHECK_EQ(check_wait(pid), 3 << 8);
	CHECK_EQ(shared->handled, 1);
}

int main(void)
{
	shared = (struct shared *)check_shared(1);
	killed_by(SIGKILL);
	killed_by(SIGTERM);
	if (procswap_exists())
		middle_is_killed();
	handler_waits();
	return CHECK_OK();
}
