/*
 * guard - memory that is not mapped, or not for this access: the task that touches it dies by
 * SIGSEGV, and the others continue.
 */
#include "check.h"

static void run(void *address)
{
	((void (*)(void))address)();
}

static void foreign_addresses(void)
{
	static const uintptr_t addresses[] = {
		0, 1, 4095, 0x1000, 0x08000000,
		0xbffffffc + 4, 0xc0000000, 0xc0000001, 0xc0100000, 0xc1234567,
		0xfee00000, 0xfffffffc, 0xffffffff,
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		CHECK_SIGNAL(check_load, (void *)addresses[i], SIGSEGV);
		CHECK_SIGNAL(check_store, (void *)addresses[i], SIGSEGV);
		CHECK_SIGNAL(run, (void *)addresses[i], SIGSEGV);
	}
}

static void across_the_edge(void *address)
{
	*(volatile uint32_t *)address = 1;
}

static void own_memory(void)
{
	char *p = check_private(3);
	static const char constant = 5;

	CHECK_SIGNAL(check_store, (void *)&constant, SIGSEGV);
	CHECK_SIGNAL(check_store, (void *)check_store, SIGSEGV);
	CHECK_SIGNAL(check_load, (void *)check_store, 0);
	CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_NONE), 0);
	CHECK_SIGNAL(check_load, p + PAGE, SIGSEGV);
	CHECK_SIGNAL(check_store, p + PAGE, SIGSEGV);
	CHECK_SIGNAL(across_the_edge, p + PAGE - 4, 0);
	CHECK_SIGNAL(across_the_edge, p + PAGE - 2, SIGSEGV);
	CHECK_SIGNAL(across_the_edge, p + 2 * PAGE - 1, SIGSEGV);
	CHECK_EQ(munmap(p, 3 * PAGE), 0);
	CHECK_SIGNAL(check_load, p, SIGSEGV);
}

/* Each has its own memory at the same address. */
static void nobody_elses(void *address)
{
	*(volatile int *)address = 2;
}

int main(void)
{
	static volatile int mine = 1;

	foreign_addresses();
	own_memory();
	CHECK_SIGNAL(nobody_elses, (void *)&mine, 0);
	CHECK_EQ(mine, 1);
	return CHECK_OK();
}
