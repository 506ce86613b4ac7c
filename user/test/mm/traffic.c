/*
 * traffic - 4 MiB of allocations, of which one page is in use at a time.
 *
 * Memory that is given back is reused: by the kernel (break and mappings), and by malloc.
 */
#include "check.h"

#include <sys/resource.h>

enum { ROUNDS = 1024 };

static void through_the_break(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		char *p = sbrk(PAGE);

		CHECK(p != (char *)-1);
		CHECK_EQ(p[i % PAGE], 0);
		memset(p, i | 1, PAGE);
		CHECK_AT(sbrk(-PAGE), p + PAGE);
	}
}

static void through_mappings(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		char *p = check_private(1);

		CHECK_EQ(p[i % PAGE], 0);
		memset(p, i | 1, PAGE);
		CHECK_EQ(munmap(p, PAGE), 0);
	}
}

static void through_malloc(void)
{
	char *start = NULL;

	for (int i = 0; i < ROUNDS; i++) {
		char *p = malloc(PAGE);

		CHECK(p != NULL);
		memset(p, i | 1, PAGE);
		free(p);
		start = start ? start : sbrk(0);
	}
	CHECK_AT(sbrk(0), start);
}

/* Resident memory stays the same, give or take the tables and the stack. */
int main(void)
{
	long long before = proc_number("/proc/self/status", "VmRSS"), after;

	through_the_break();
	through_mappings();
	through_malloc();
	after = proc_number("/proc/self/status", "VmRSS");
	if (before != PROC_ABSENT && after > before + 256)
		CHECK_EQ(after, before);
	return CHECK_OK();
}
