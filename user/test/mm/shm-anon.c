/*
 * shm-anon - MAP_SHARED | MAP_ANONYMOUS: memory that a task and its children share; stores are
 * visible in both directions, at once.
 */
#include "check.h"

#include <sched.h>

enum { PAGES = 32, CHILDREN = 3, TURNS = 200 };

static volatile int *turn;
static char *shared;

/* Tasks write in turn, and each sees what the one before it wrote. */
static void take_turns(int me)
{
	for (int n = me; n < TURNS; n += CHILDREN + 1) {
		while (*turn != n)
			sched_yield();
		CHECK_EQ(shared[n % PAGES * PAGE], n == 0 ? 0 : (char)(n - 1));
		shared[(n + 1) % PAGES * PAGE] = n;
		*turn = n + 1;
	}
}

static void both_ways(void)
{
	int status;

	for (int i = 1; i <= CHILDREN; i++) {
		if (fork() == 0) {
			take_turns(i);
			_exit(0);
		}
	}
	take_turns(0);
	for (int i = 0; i < CHILDREN; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	CHECK_EQ(*turn, TURNS);
}

/* A child touches a page first: the parent finds it, in the same frame. */
static void touch_first(void *p)
{
	memset(p, 'f', PAGE);
}

static void found_by_the_parent(void)
{
	char *p = check_shared(3);

	CHECK(!check_present(p + PAGE));
	CHECK_SIGNAL(touch_first, p + PAGE, 0);
	CHECK_EQ(p[PAGE + 77], 'f');
	CHECK_EQ(p[0], 0);
	CHECK_EQ(munmap(p, 3 * PAGE), 0);
}

/* Private memory next to it is not shared; munmap in the child does not affect the parent. */
static void unmap(void *p)
{
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
}

static void outlives_a_mapping(void)
{
	char *p = check_shared(2);

	strcpy(p, "still here");
	CHECK_SIGNAL(unmap, p, 0);
	CHECK_EQ(strcmp(p, "still here"), 0);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
}

static void read_only(void)
{
	char *p = check_shared(1);

	*p = 1;
	CHECK_EQ(mprotect(p, PAGE, PROT_READ), 0);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
	CHECK_SIGNAL(check_load, p, 0);
	CHECK_EQ(munmap(p, PAGE), 0);
}

int main(void)
{
	shared = check_shared(PAGES);
	turn = (volatile int *)check_shared(1);
	both_ways();
	found_by_the_parent();
	outlives_a_mapping();
	read_only();
	return CHECK_OK();
}
