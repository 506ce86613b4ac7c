/*
 * swap-off - the swap area is emptied and detached while four tasks use pages in it, and attached again.
 *
 * Arguments: pages per task, and "fits" or "refused", the expected result. Without them (as on Linux, whose swap area is in
 * use) only the refusals are tried.
 */
#include "check.h"

#include <sched.h>

enum { TASKS = 4 };

static char disk[64];

/* Stores, and checks what it stored, over and over, until `*stop`. */
static void work(volatile int *stop, int number, int pages)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	for (int round = 0; !*stop || round == 0; round++) {
		for (int i = 0; i < pages; i++) {
			if (round)
				CHECK_EQ(p[i * PAGE + 7], (char)(number + i + round - 1));
			p[i * PAGE + 7] = number + i + round;
			if (i % 16 == 0)
				sched_yield();
		}
	}
}

static long swapped(void)
{
	return proc_number("/proc/meminfo", "SwapTotal") - proc_number("/proc/meminfo", "SwapFree");
}

/* A short-lived demand for memory drives the others' pages out. */
static void push_out(int pages)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	for (int i = 0; i < pages; i++)
		p[i * PAGE] = 1;
	munmap(p, pages * PAGE);
}

static void test_refused(void)
{
	CHECK_ERROR(swapoff("/no/such"), ENOENT);
	CHECK_ERROR(swapoff("/dev/null"), EINVAL);
	CHECK_ERROR(swapon("/no/such", 0), ENOENT);
	CHECK_ERROR(swapoff((char *)16), EFAULT);
}

static void test_under_load(int pages, bool fits)
{
	volatile int *stop = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long long total = proc_number("/proc/meminfo", "SwapTotal");
	int status;

	CHECK(proc_swap_path(disk, sizeof(disk)));
	CHECK_ERROR(swapon(disk, 0), EBUSY);
	for (int i = 0; i < TASKS; i++) {
		if (fork() == 0) {
			work(stop, i * 50, pages);
			_exit(0);
		}
	}
	while (swapped() < 400) {
		if (fits)
			push_out(900);
		sched_yield();
	}
	for (int round = 0; round < 2; round++) {
		if (fits) {
			CHECK_EQ(swapoff(disk), 0);
			CHECK_EQ(proc_number("/proc/meminfo", "SwapTotal"), 0);
			CHECK_ERROR(swapoff(disk), EINVAL);
			for (int i = 0; i < 100; i++)
				sched_yield();
			CHECK_EQ(swapon(disk, 0), 0);
		} else {
			CHECK_ERROR(swapoff(disk), ENOMEM);
		}
		CHECK_EQ(proc_number("/proc/meminfo", "SwapTotal"), total);
	}
	*stop = 1;
	for (int i = 0; i < TASKS; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
}

int main(int argc, char **argv)
{
	test_refused();
	if (argc > 2)
		test_under_load(atoi(argv[1]), strcmp(argv[2], "fits") == 0);
	return CHECK_OK();
}
