/*
 * overlap - while one task waits for the disk, another runs.
 *
 *	overlap [KIB]
 *
 * A child counts in shared memory, for ever. The parent touches pages that are in swap, and reads
 * the count just before and just after each access. With KIB, which should be more than the machine
 * has, at least FAULTS pages must be in swap, and the count must have risen during nearly all of
 * their faults; for as many pages that are in memory it mostly stays the same.
 */
#include "check.h"

#include <sched.h>

enum { FAULTS = 100, APART = 4 };

static volatile unsigned int *count;
static unsigned int major, risen, resident, risen_resident;

static void count_for_ever(void)
{
	for (;;)
		++*count;
}

static void touch(char *page)
{
	bool swapped = (check_page(page) & (PAGEMAP_SWAPPED | PAGEMAP_PRESENT)) == PAGEMAP_SWAPPED;
	unsigned int before = *count, after;

	check_load(page);
	after = *count;
	if (swapped) {
		major++;
		risen += after != before;
		/* The page is present now. */
		before = *count;
		check_load(page);
		after = *count;
		resident++;
		risen_resident += after != before;
	}
}

int main(int argc, char **argv)
{
	size_t pages = (argc > 1 ? atoi(argv[1]) : 1024) / 4;
	int status;
	char *p;
	pid_t pid;

	count = (volatile unsigned int *)check_shared(1);
	p = check_private(pages);
	for (size_t i = 0; i < pages; i++)
		*(size_t *)(p + i * PAGE) = i;
	pid = fork();
	if (pid == 0)
		count_for_ever();
	CHECK(pid > 0);
	while (*count == 0)
		sched_yield();
	/* Downwards: read-ahead brings pages that lie above. */
	for (size_t i = pages; i >= APART && major < FAULTS; i -= APART)
		touch(p + (i - APART) * PAGE);
	for (size_t i = 0; i < pages; i++)
		CHECK_EQ(*(size_t *)(p + i * PAGE), i);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	if (argc == 1)
		return CHECK_OK();
	dprintf(STDOUT_FILENO, "overlap: %u waits, counted on in %u; %u other touches, counted on in "
		"%u\n", major, risen, resident, risen_resident);
	CHECK(major >= FAULTS);
	CHECK(risen >= major - major / 10);
	CHECK(risen_resident < resident / 2);
	return 0;
}
