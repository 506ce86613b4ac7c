/*
 * belady - counts the page faults of a reference string in a given number of frames.
 *
 *	belady [FRAMES [STRING]]
 *
 * All memory of the program is locked, and its RLIMIT_RSS is that plus FRAMES: so exactly FRAMES are
 * available to the pages of the string, `0` to `9` and `a` to `z`. With `policy=fifo exact` the number
 * of faults is the textbook's; the default string faults 9 times in 3 frames, but 10 times in 4.
 * (Belady, Nelson and Shedler, 1969.) Without arguments only the pages' contents are checked.
 *
 * Bystanders are the other pages of all memory, which the policy has in its set too: tools/pagesim
 * counts the same faults if it is told how many there are.
 */
#include "check.h"

#include <ctype.h>
#include <fcntl.h>
#include <sys/resource.h>

enum { PAGES = 36, STACK = 16 * PAGE, FRAMES_MAX = 10000 };

/* Calls below need no more stack than this, so it grows by no page later. */
static __attribute__((noinline)) void grow_stack(void)
{
	volatile char room[STACK];

	for (int i = 0; i < STACK; i += PAGE)
		room[i] = 1;
	(void)room[0];
}

/* Locks all mappings. => their pages */
static unsigned long wire_everything(void)
{
	static char text[4096];
	struct proc_region region;
	unsigned long pages = 0;

	CHECK(proc_text("/proc/self/maps", text, sizeof(text)) > 0);
	for (char *line = text, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		CHECK(proc_parse_region(line, &region));
		if (strcmp(region.name, "[vvar]") == 0 || strcmp(region.name, "[vdso]") == 0)
			continue;
		CHECK_EQ(mlock((void *)region.start, region.end - region.start), 0);
		pages += (region.end - region.start) / PAGE;
	}
	return pages;
}

static long faults(void)
{
	struct rusage usage;

	CHECK_EQ(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt + usage.ru_majflt;
}

static int page_of(char name)
{
	return isdigit((unsigned char)name) ? name - '0' : 10 + name - 'a';
}

/* A policy that is selected begins anew with all pages in memory. Linux has no such file. */
static void restart_policy(void)
{
	static char name[32];
	int fd = open("/proc/sys/vm/policy", O_RDWR);
	ssize_t n;

	if (fd < 0)
		return;
	n = read(fd, name, sizeof(name));
	CHECK(n > 0);
	CHECK_EQ(write(fd, name, n), n);
	CHECK_EQ(close(fd), 0);
}

/* Linux has no such file. */
static bool exact_is_off(void)
{
	char text[8];

	return proc_text("/proc/sys/vm/exact", text, sizeof(text)) > 0 && text[0] == '0';
}

static int usage(void)
{
	dprintf(STDERR_FILENO,
		"usage: belady [FRAMES [STRING]]\n"
		"FRAMES: 1 to %d. STRING: of the pages 0 to 9 and a to z, without spaces.\n",
		FRAMES_MAX);
	return 2;
}

/* => the number of frames in TEXT; 0: it is none */
static int frames_in(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	return *end || n < 0 || n > FRAMES_MAX ? 0 : n;
}

/* Each page holds the number of references to it. */
static long count_faults(volatile int *pages, const char *string)
{
	int times[PAGES] = { 0 };
	long before = faults(), after;

	for (const char *s = string; *s; s++) {
		volatile int *page = &pages[page_of(*s) * PAGE / sizeof(int)];
		int n = times[page_of(*s)]++;

		/* The store comes first: a load would map the page of zeros, and the store would fault once more. */
		page[0] = n + 1;
		CHECK_EQ(page[1], n);
		page[1] = n + 1;
	}
	after = faults();
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(pages[i * PAGE / sizeof(int)], times[i]);
	return after - before;
}

int main(int argc, char **argv)
{
	int frames = argc > 1 ? frames_in(argv[1]) : 3;
	const char *string = argc > 2 ? argv[2] : "123412512345";
	unsigned long wired, all;
	struct rlimit limit;
	long long bystanders;
	long n;

	if (argc > 3 || !frames || strspn(string, "0123456789abcdefghijklmnopqrstuvwxyz") != strlen(string))
		return usage();
	grow_stack();
	/* Counts once in advance, so that all code and data needed for counting are present. */
	faults();
	bystanders = proc_number("/proc/meminfo", "FramesPageable:");
	restart_policy();
	wired = wire_everything();
	all = (wired + frames) * PAGE;
	limit = (struct rlimit){ all, all };
	CHECK_EQ(setrlimit(RLIMIT_RSS, &limit), 0);
	bystanders = proc_number("/proc/meminfo", "FramesPageable:");
	restart_policy();
	n = count_faults((volatile int *)check_private(PAGES), string);
	if (argc == 1)
		return CHECK_OK();
	dprintf(STDOUT_FILENO, "belady: %ld faults in %d frames\n", n, frames);
	if (argc > 2)
		dprintf(STDOUT_FILENO, "belady: %lld bystanders\n", bystanders);
	if (exact_is_off())
		dprintf(STDOUT_FILENO, "belady: exact is off, so this is not a textbook's count (echo 1 >/proc/sys/vm/exact)\n");
	return 0;
}
