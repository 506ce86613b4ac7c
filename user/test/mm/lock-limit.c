/*
 * lock-limit - there is a limit for locked memory, and a call that would exceed it fails.
 *
 *	lock-limit [refused]
 *
 * Locks five MiB at a time in each possible way. A system may refuse any of them or accept them all; memory that is locked
 * keeps its contents. `refused`: memory is so small that only the first five MiB can be locked.
 */
#include "check.h"

enum { PAGES = 5 << 20 >> 12, BYTES = PAGES * PAGE };

static bool all_refused;

/* A call has succeeded, or failed with this error. */
static void may_fail(bool done, int error)
{
	if (done)
		CHECK(!all_refused);
	else
		CHECK_EQ(errno, error);
}

static void lock_more(void)
{
	char *p = check_private(PAGES), *q = check_private(PAGES);

	may_fail(mlock(p, BYTES) == 0, ENOMEM);
	may_fail(mlock2(q, BYTES, MLOCK_ONFAULT) == 0, ENOMEM);
	munmap(p, BYTES);
	munmap(q, BYTES);
}

static void lock_in_child(void *p)
{
	may_fail(mlock(p, BYTES) == 0, ENOMEM);
}

static void map_locked(void)
{
	char *p = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);

	may_fail(p != MAP_FAILED, EAGAIN);
	if (p != MAP_FAILED)
		munmap(p, BYTES);
}

static void grow(char *p)
{
	char *q = mremap(p, BYTES, 2 * BYTES, MREMAP_MAYMOVE);

	may_fail(q != MAP_FAILED, EAGAIN);
	if (q != MAP_FAILED)
		CHECK_AT(mremap(q, 2 * BYTES, BYTES, 0), q);
	if (q != MAP_FAILED && q != p)
		CHECK_AT(mremap(q, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, p), p);
}

/* From now on everything would be locked. */
static void lock_future(void)
{
	char *p;

	CHECK_EQ(mlockall(MCL_FUTURE), 0);
	p = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	may_fail(p != MAP_FAILED, EAGAIN);
	if (p != MAP_FAILED)
		munmap(p, BYTES);
	p = sbrk(BYTES);
	may_fail(p != (char *)-1, ENOMEM);
	if (p != (char *)-1)
		CHECK(sbrk(-BYTES) != (void *)-1);
}

/* The stack must not grow beyond the limit: there is no memory. */
static __attribute__((noinline)) void use_stack(void *unused)
{
	volatile char room[BYTES];

	(void)unused;
	for (int i = BYTES - 1; i >= 0; i -= PAGE)
		room[i] = 1;
	(void)room[0];
}

static void lock_stack(void *p)
{
	CHECK_EQ(munmap(p, BYTES), 0);
	if (mlockall(MCL_CURRENT) == 0)
		use_stack(NULL);
	else
		CHECK_EQ(errno, ENOMEM);
}

int main(int argc, char **argv)
{
	char *p = check_private(PAGES);
	bool locked = mlock(p, BYTES) == 0;
	int signal;

	all_refused = argc > 1 && strcmp(argv[1], "refused") == 0;
	CHECK(locked || !all_refused);
	memset(p, 'l', BYTES);
	lock_more();
	CHECK_SIGNAL(lock_in_child, p, 0);
	map_locked();
	grow(p);
	signal = check_signal_of(lock_stack, p);
	CHECK(signal == SIGSEGV || (signal == 0 && !all_refused));
	lock_future();
	CHECK_EQ(munlockall(), 0);
	for (int i = 0; i < BYTES; i++)
		CHECK_EQ(p[i], 'l');
	CHECK_EQ(munmap(p, BYTES), 0);
	if (locked)
		check_map(BYTES, PROT_READ, MAP_PRIVATE | MAP_LOCKED);
	return CHECK_OK();
}
