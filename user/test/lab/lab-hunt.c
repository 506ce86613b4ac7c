/*
 * lab-hunt - the lab `hunt`: what a user notices of some of its bugs. Each word on the command line is one small experiment, which
 * prints what it has seen; on a kernel without the bug that is what the manual pages say.
 */
#include "check.h"

#include <sys/resource.h>

enum { KIB = 1024 };

/* A mapping below the stack, and a store to the stack not far above it. */
static void stack(void)
{
	char *here = (char *)((uintptr_t)__builtin_frame_address(0) & ~(PAGE - 1u));
	char *low = mmap(here - 1024 * KIB, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	CHECK(low != MAP_FAILED);
	printf("a store 64 KiB above another mapping: signal %d\n", check_signal_of(check_store, low + 64 * KIB));
}

/* Goes once over many pages, and between them again and again over a few. */
static void hot(void)
{
	enum { HOT = 20, COLD = 2000 };
	char *often = check_private(HOT), *once = check_private(COLD);
	struct rusage before, after;
	long faults;

	for (int i = 0; i < HOT; i++)
		often[i * PAGE] = 'h';
	getrusage(RUSAGE_SELF, &before);
	for (int i = 0; i < COLD; i++) {
		once[i * PAGE] = 'c';
		for (int j = 0; j < HOT; j++)
			CHECK_EQ(((volatile char *)often)[j * PAGE], 'h');
	}
	getrusage(RUSAGE_SELF, &after);
	faults = after.ru_majflt - before.ru_majflt;
	printf("major faults on pages that are always in use: %s, %ld\n", faults > COLD / 5 ? "many" : "few", faults);
}

/* Changes one page of a privately mapped file, lets it leave memory, and reads its neighbours. */
static void edit(void)
{
	enum { PAGES = 16, CHANGED = 8 };
	int fd = open("/data/text.txt", O_RDONLY);
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	CHECK(p != MAP_FAILED);
	p[CHANGED * PAGE] = '!';
	CHECK_EQ(madvise(p + CHANGED * PAGE, PAGE, MADV_PAGEOUT), 0);
	check_load(p + (CHANGED - 1) * PAGE);
	check_load(p + (CHANGED + 1) * PAGE);
	printf("a byte that was stored before its page was swapped out: %s\n",
	       *(volatile char *)(p + CHANGED * PAGE) == '!' ? "kept" : "lost");
}

/* Unmaps pages while they are on their way to swap. */
static void leave(void)
{
	enum { PAGES = 128, ROUNDS = 100 };
	long long before = proc_number("/proc/meminfo", "SwapFree:");

	for (int round = 0; round < ROUNDS; round++) {
		char *p = check_private(PAGES);

		memset(p, 'x', PAGES * PAGE);
		CHECK_EQ(madvise(p, PAGES * PAGE, MADV_PAGEOUT), 0);
		munmap(p, PAGES * PAGE);
	}
	sleep(1);
	printf("KiB of swap less than before, with all pages unmapped: %lld\n", before - proc_number("/proc/meminfo", "SwapFree:"));
}

/* A file that was opened for reading is mapped, and the mapping made writable. */
static void rights(void)
{
	int fd = open("/data/text.txt", O_RDONLY);
	char *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	CHECK(p != MAP_FAILED);
	errno = 0;
	mprotect(p, PAGE, PROT_READ | PROT_WRITE);
	printf("mprotect of a file that may only be read: error %d\n", errno);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} experiments[] = {{"stack", stack}, {"rights", rights}, {"hot", hot}, {"leave", leave}, {"edit", edit}};

	for (unsigned int i = 0; i < sizeof(experiments) / sizeof(*experiments); i++)
		if (argc == 2 && strcmp(argv[1], experiments[i].name) == 0) {
			experiments[i].run();
			return 0;
		}
	fprintf(stderr, "usage: %s stack|rights|hot|leave|edit\n", argv[0]);
	return 2;
}
