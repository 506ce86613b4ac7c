/*
 * float - floating-point state belongs to a task: other tasks do not disturb it, page faults neither, fork
 * copies it, and a new program starts with the initial state.
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

static bool has_sse(void)
{
	unsigned int eax = 1, ebx, ecx, edx;

	__asm__("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return edx >> 25 & 1;
}

/* Stores to a page between setting a register and looking at it. */
static void store_keeps_register(char *page)
{
	static const uint32_t before[4] = { 0x12345678, 0x9abcdef0, 0x0fedcba9, 0x87654321 };
	uint32_t after[4];

	__asm__ volatile("movups (%1), %%xmm0; movb $1, (%2); movups %%xmm0, (%0)"
			 : : "r"(after), "r"(before), "r"(page) : "memory");
	CHECK_EQ(memcmp(before, after, sizeof(after)), 0);
	CHECK_EQ(page[0], 1);
}

static void stores_keep_register(void *pages)
{
	for (int i = 0; i < 16; i++)
		store_keeps_register((char *)pages + i * PAGE);
}

/* The kernel clears new pages, and copies those that fork made shared. */
static void faults_keep_registers(void)
{
	char *pages = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(pages != MAP_FAILED);
	stores_keep_register(pages);
	CHECK_SIGNAL(stores_keep_register, pages, 0);
	for (int i = 0; i < 16 * PAGE; i++)
		CHECK_EQ(pages[i], i % PAGE == 0);
	CHECK_EQ(munmap(pages, 16 * PAGE), 0);
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
	if (has_sse())
		faults_keep_registers();
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
