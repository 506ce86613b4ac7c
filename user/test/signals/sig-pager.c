/*
 * sig-pager - a program that pages for itself: its memory is inaccessible, and its SIGSEGV handler opens a page, fills it from its
 * own store, and closes another when too many are open. Every page has the right contents at all times.
 */
#include "check.h"

#include <sys/syscall.h>

enum { PAGES = 48, RESIDENT = 8, ROUNDS = 3000 };

static uint32_t *area;
static uint32_t store[PAGES][PAGE / 4];		/* contents of the program's own "disk" */
static int fifo[RESIDENT], next;
static volatile int served, saved;

static void put_out(int page)
{
	memcpy(store[page], area + page * PAGE / 4, PAGE);
	CHECK_AT(mmap(area + page * PAGE / 4, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
		 area + page * PAGE / 4);
	saved++;
}

static void serve(int signal, siginfo_t *info, void *ucontext)
{
	int page = ((uintptr_t)info->si_addr - (uintptr_t)area) / PAGE;

	(void)signal, (void)ucontext;
	if (page < 0 || page >= PAGES || info->si_code != SEGV_ACCERR)
		check_fail(__FILE__, __LINE__, "a fault of the area", page, info->si_code);
	if (fifo[next] >= 0)
		put_out(fifo[next]);
	fifo[next] = page;
	next = (next + 1) % RESIDENT;
	CHECK_EQ(mprotect(area + page * PAGE / 4, PAGE, PROT_READ | PROT_WRITE), 0);
	memcpy(area + page * PAGE / 4, store[page], PAGE);
	served++;
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = serve, .sa_flags = SA_SIGINFO };
	uint32_t random = 4711, sum = 0, expected = 0;

	area = (uint32_t *)check_map(PAGES * PAGE, PROT_NONE, MAP_PRIVATE);
	for (int i = 0; i < RESIDENT; i++)
		fifo[i] = -1;
	CHECK_EQ(sigaction(SIGSEGV, &action, NULL), 0);
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t at = check_random(&random) % (PAGES * PAGE / 4);

		area[at] += i;
		expected += i;
	}
	for (int i = 0; i < PAGES * PAGE / 4; i++)
		sum += area[i];
	CHECK_EQ(sum, expected);
	CHECK(served > ROUNDS / 2);
	CHECK_EQ(saved, served - RESIDENT);
	/* An access by the kernel to a closed page raises no signal: the call fails. */
	CHECK_EQ(mprotect(area, PAGES * PAGE, PROT_NONE), 0);
	served = 0;
	CHECK_ERROR(syscall(SYS_rt_sigpending, area, 8), EFAULT);
	CHECK_EQ(served, 0);
	return CHECK_OK();
}
