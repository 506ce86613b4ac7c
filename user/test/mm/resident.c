/*
 * resident - mincore reports what is in memory, mlock brings it there, madvise discards it.
 */
#include "check.h"

enum { PAGES = 16 };

static int resident(char *p)
{
	unsigned char there[PAGES];
	int n = 0;

	CHECK_EQ(mincore(p, PAGES * PAGE, there), 0);
	for (int i = 0; i < PAGES; i++)
		n += there[i] & 1;
	return n;
}

int main(void)
{
	char *p = check_private(PAGES);

	CHECK_EQ(resident(p), 0);
	p[0] = p[7 * PAGE] = 1;
	CHECK_EQ(resident(p), 2);
	CHECK_EQ(mlock(p, PAGES * PAGE), 0);
	CHECK_EQ(resident(p), PAGES);
	for (int i = 0; i < PAGES; i++)
		CHECK(check_present(p + i * PAGE) || !check_page(p));
	CHECK_EQ(p[0], 1);
	CHECK_EQ(p[7 * PAGE], 1);
	CHECK_EQ(munlock(p, PAGES * PAGE), 0);
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
	CHECK_ERROR(mlock(p, PAGES * PAGE), ENOMEM);
	return CHECK_OK();
}
