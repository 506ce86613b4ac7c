/*
 * recycled - frames that another task has used are zeroed before they are reused: in the heap, in mappings, in
 * shared memory.
 */
#include "check.h"

enum { PAGES = 200 };

static void check_zero(const char *p)
{
	for (int i = 0; i < PAGES * PAGE; i += 4)
		CHECK_EQ(*(const uint32_t *)(p + i), 0);
}

static void use(void *unused)
{
	char *p;

	(void)unused;
	p = check_private(PAGES);
	check_zero(p);
	memset(p, 0xe1, PAGES * PAGE);
	p = check_shared(PAGES);
	check_zero(p);
	memset(p, 0xe2, PAGES * PAGE);
	p = sbrk(PAGES * PAGE);
	check_zero(p);
	memset(p, 0xe3, PAGES * PAGE);
}

int main(void)
{
	for (int i = 0; i < 10; i++)
		CHECK_SIGNAL(use, NULL, 0);
	return CHECK_OK();
}
