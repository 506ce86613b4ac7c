/*
 * float - floating-point state belongs to a task: other tasks do not disturb it, fork copies it,
 * and a new program starts with the initial state.
 */
#include "check.h"

#include <sched.h>

static char *self;

static uint16_t control_word(void)
{
	uint16_t word;

	__asm__ volatile("fnstcw %0" : "=m"(word));
	return word;
}

static void set_control_word(uint16_t word)
{
	__asm__ volatile("fldcw %0" : : "m"(word));
}

/*
 * A sum that depends on every bit of the state: eight numbers stay on the register stack while
 * other tasks run.
 */
static void compute(int me)
{
	for (int n = 0; n < 2000; n++) {
		int results[8], start = me * 1000 + n;

		for (int i = 0; i < 8; i++) {
			int value = start + i;

			__asm__ volatile("fildl %0" : : "m"(value) : "memory");
		}
		sched_yield();
		for (int i = 7; i >= 0; i--)
			__asm__ volatile("fistpl %0" : "=m"(results[i]) : : "memory");
		for (int i = 0; i < 8; i++)
			CHECK_EQ(results[i], start + i);
	}
}

static void child_has_a_copy(void *unused)
{
	(void)unused;
	CHECK_EQ(control_word(), 0x0f7f);
	set_control_word(0x027f);
}

static void becomes_another(void *unused)
{
	char *argv[] = { self, "fresh", NULL };

	(void)unused;
	execve(self, argv, environ);
}

static void divide_unmasked(void *unused)
{
	(void)unused;
	set_control_word(0x037b);
	__asm__ volatile("fld1; fldz; fdivrp; fwait");
}

/* Another task's state is in the processor whenever a child of this one begins. */
static void stands_between(void)
{
	set_control_word(0x0b7f);
	for (;;)
		sched_yield();
}

static void children_have_a_copy(void)
{
	pid_t other = fork();
	int status;

	CHECK(other >= 0);
	if (other == 0)
		stands_between();
	for (int i = 0; i < 20; i++) {
		sched_yield();
		CHECK_SIGNAL(child_has_a_copy, NULL, 0);
	}
	CHECK_EQ(kill(other, SIGKILL), 0);
	CHECK_EQ(waitpid(other, &status, 0), other);
}

int main(int argc, char **argv)
{
	int status;

	self = argv[0];
	CHECK_EQ(control_word(), 0x037f);
	if (argc > 1)
		return 0;
	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			compute(i);
			_exit(0);
		}
	}
	compute(4);
	while (wait(&status) > 0)
		CHECK_EQ(status, 0);
	set_control_word(0x0f7f);
	CHECK_SIGNAL(child_has_a_copy, NULL, 0);
	CHECK_EQ(control_word(), 0x0f7f);
	children_have_a_copy();
	CHECK_EQ(control_word(), 0x0f7f);
	CHECK_SIGNAL(becomes_another, NULL, 0);
	CHECK_SIGNAL(divide_unmasked, NULL, SIGFPE);
	set_control_word(0x037f);
	return CHECK_OK();
}
