/*
 * own-limit - a task whose pages cannot be evicted, because they are locked or because there is no swap, exceeds its RLIMIT_RSS
 * and goes on. (Linux ignores this limit.)
 */
#include "check.h"

#include <sys/resource.h>

enum { LIMIT = 100, MORE = 130, TOUCHED = 400 };

static void set_limit(void)
{
	CHECK_EQ(setrlimit(RLIMIT_RSS, &(struct rlimit){ LIMIT * PAGE, LIMIT * PAGE }), 0);
}

/* Only pages that the instructions need can be evicted: of the program, its data and its stack. */
static void with_locked_pages(void *unused)
{
	char *p = check_private(MORE);
	char text[200];

	(void)unused;
	set_limit();
	CHECK_EQ(mlock(p, MORE * PAGE), 0);
	for (int i = 0; i < MORE; i++) {
		snprintf(text, sizeof(text), "%d of %s, %x", i, "all", i);
		memset(p + i * PAGE, i, PAGE);
		free(malloc(100 * i));
	}
	CHECK_EQ(atoi(text), MORE - 1);
}

static void with_touched_pages(void *unused)
{
	char *p = check_private(TOUCHED);

	(void)unused;
	set_limit();
	for (int i = 0; i < TOUCHED; i++)
		p[i * PAGE] = i;
	for (int i = 0; i < TOUCHED; i++)
		CHECK_EQ(p[i * PAGE], (char)i);
}

int main(void)
{
	CHECK_EQ(check_signal_of(with_locked_pages, NULL), 0);
	CHECK_EQ(check_signal_of(with_touched_pages, NULL), 0);
	return CHECK_OK();
}
