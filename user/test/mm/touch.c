/*
 * touch - a page appears when it is touched, and only that page.
 */
#include "check.h"

enum { PAGES = 100 };

static bool is_touched(int i)
{
	return i == 3 || i == 50 || i == 99;
}

static void by_stores(void)
{
	char *p = check_private(PAGES);
	long long zero_fill = check_counter("zero_fill");

	for (int i = 0; i < PAGES; i++)
		if (is_touched(i))
			p[i * PAGE + i] = 'x';
	CHECK_ROSE("zero_fill", zero_fill, 3);
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(check_present(p + i * PAGE), is_touched(i));
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
}

/* Reading takes no memory: untouched pages share one frame of zeros. */
static void by_loads(void)
{
	char *p = check_private(PAGES);
	long long zero_read = check_counter("zero_read"), rss, after;

	rss = proc_number("/proc/self/status", "RssAnon");
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(((volatile char *)p)[i * PAGE + i], 0);
	after = proc_number("/proc/self/status", "RssAnon");
	CHECK_ROSE("zero_read", zero_read, PAGES);
	if (rss != PROC_ABSENT)
		CHECK(after < rss + PAGES * 4 / 2);
	if (check_frame(p))
		CHECK_EQ(check_frame(p), check_frame(p + 70 * PAGE));
	/* The first store allocates a page, the frame of zeros does not change. */
	p[0] = 1;
	CHECK_EQ(p[1], 0);
	CHECK_EQ(p[PAGE], 0);
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
}

static void in_a_system_call(void)
{
	char *p = check_private(4);
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(write(fd[1], p, 6), 6);
	CHECK_EQ(read(fd[0], p + 2 * PAGE - 3, 6), 6);
	CHECK(check_present(p + PAGE) && check_present(p + 2 * PAGE) &&
	      !check_present(p + 3 * PAGE));
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	by_stores();
	by_loads();
	in_a_system_call();
	return CHECK_OK();
}
