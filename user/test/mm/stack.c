/*
 * stack - the stack grows when it is used, up to its limit; the limit can be changed.
 */
#include "check.h"

#include <sys/resource.h>

/* Not inlined, and not a tail call: each level needs its stack frame. */
static __attribute__((noinline)) unsigned int recurse(unsigned int depth)
{
	volatile char frame[1000];
	unsigned int below;

	frame[0] = depth;
	frame[999] = depth >> 8;
	below = depth ? recurse(depth - 1) : 0;
	CHECK(frame[0] == (char)depth && frame[999] == (char)(depth >> 8));
	return below + 1;
}

static void deep(void *unused)
{
	(void)unused;
	CHECK_EQ(recurse(4000), 4001);
}

static void for_ever(void *unused)
{
	(void)unused;
	recurse(0x7fffffff);
}

/* The kernel is the first to touch a page of the stack. */
static void first_touch_in_a_call(void *fd)
{
	char far_below[64 << 10];

	CHECK_EQ(read(((int *)fd)[0], far_below, 5), 5);
	CHECK_EQ(memcmp(far_below, "hello", 5), 0);
}

static void far_below_the_limit(void *unused)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	(void)unused;
	check_store((void *)(here - (64 << 20)));
}

/* Pages of an earlier, deeper use are still present; they never show data of another task. */
static void fresh_is_zero(void *unused)
{
	char fresh[256 << 10];
	uintptr_t sum = 0;

	(void)unused;
	/* Volatile reads: the compiler must not assume that nothing was stored. */
	for (size_t i = 0; i < sizeof(fresh) - 8192; i++)
		sum += ((volatile char *)fresh)[i];
	CHECK_EQ(sum, 0);
}

static void dirty(void *unused)
{
	char used[512 << 10];

	(void)unused;
	memset(used, 0xee, sizeof(used));
	check_load(used);
}

enum { MIB = 1 << 20 };

static const char *program;

/* Far apart, so that 20 MiB of stack take few pages. */
static __attribute__((noinline)) unsigned int stride(unsigned int depth)
{
	volatile char frame[60000];
	unsigned int below;

	frame[0] = depth;
	below = depth ? stride(depth - 1) : 0;
	CHECK_EQ(frame[0], (char)depth);
	return below + 1;
}

static void set_limit(unsigned long bytes)
{
	struct rlimit limit;

	CHECK_EQ(getrlimit(RLIMIT_STACK, &limit), 0);
	limit.rlim_cur = bytes;
	CHECK_EQ(setrlimit(RLIMIT_STACK, &limit), 0);
	CHECK_EQ(getrlimit(RLIMIT_STACK, &limit), 0);
	CHECK_EQ(limit.rlim_cur, bytes);
}

/* A raised limit takes effect at once, whatever was mapped before; so does a lowered one. */
static void raised(void *unused)
{
	(void)unused;
	check_private(1);
	set_limit(64 * MIB);
	CHECK_EQ(stride(340), 341);
}

static void lowered(void *unused)
{
	(void)unused;
	set_limit(MIB);
	stride(25);
}

/* After exec mappings are placed below the room that the limit reserves. */
static void raised_for_exec(void *unused)
{
	char *const arguments[] = { (char *)program, "512", NULL }, *const none[] = { NULL };

	(void)unused;
	set_limit(512ul * MIB);
	execve(program, arguments, none);
	_exit(1);
}

static int map_below(unsigned long mib)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	return here - (uintptr_t)check_private(1) < mib * MIB;
}

static void unlimited(void *unused)
{
	(void)unused;
	set_limit(RLIM_INFINITY);
	CHECK_EQ(stride(340), 341);
}

int main(int argc, char *argv[])
{
	int fd[2];

	program = argv[0];
	if (argc > 1)
		return map_below(strtol(argv[1], NULL, 10));

	CHECK_SIGNAL(deep, NULL, 0);
	CHECK_SIGNAL(for_ever, NULL, SIGSEGV);
	CHECK_SIGNAL(far_below_the_limit, NULL, SIGSEGV);
	CHECK_SIGNAL(raised, NULL, 0);
	CHECK_SIGNAL(lowered, NULL, SIGSEGV);
	CHECK_SIGNAL(raised_for_exec, NULL, 0);
	CHECK_SIGNAL(unlimited, NULL, 0);
	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(write(fd[1], "hello", 5), 5);
	CHECK_SIGNAL(first_touch_in_a_call, fd, 0);
	for (int i = 0; i < 5; i++) {
		CHECK_SIGNAL(dirty, NULL, 0);
		CHECK_SIGNAL(fresh_is_zero, NULL, 0);
	}
	return CHECK_OK();
}
