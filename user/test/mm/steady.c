/*
 * steady - a load that the pageout daemon can serve: more memory than there is, touched step by step.
 *
 *	steady [KIB [PASSES]]
 *
 * After each step it rests until there are free frames again, at most RESTS times. It prints by how
 * much counters rose: with a daemon that keeps up, no task had to evict pages itself.
 */
#include "check.h"

#include <time.h>

enum { STEP = 16, FREE = 2 * STEP, RESTS = 200 };

static void rest(void)
{
	for (int i = 0; i < RESTS; i++) {
		long long nr_free = check_counter("nr_free_pages");

		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
		if (nr_free == PROC_ABSENT || nr_free >= FREE)
			return;
	}
}

int main(int argc, char **argv)
{
	size_t pages = (argc > 1 ? atoi(argv[1]) : 256) / 4;
	int passes = argc > 2 ? atoi(argv[2]) : 2;
	long long direct = check_counter("direct_reclaim"), out = check_counter("pswpout");
	size_t *p = (size_t *)check_private(pages);

	for (int pass = 0; pass < passes; pass++) {
		for (size_t i = 0; i < pages; i++) {
			size_t *word = p + i * (PAGE / sizeof(*p)) + i % 100;

			CHECK_EQ(*word, pass ? i + pass - 1 : 0);
			*word = i + pass;
			if (i % STEP == STEP - 1)
				rest();
		}
	}
	if (argc == 1)
		return CHECK_OK();
	dprintf(STDOUT_FILENO, "steady: direct_reclaim rose by %lld, pswpout by %lld\n",
		check_counter("direct_reclaim") - direct, check_counter("pswpout") - out);
	return 0;
}
