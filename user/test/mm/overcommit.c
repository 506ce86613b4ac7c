/*
 * overcommit - what counts as committed (Committed_AS in /proc/meminfo), and what the three values of
 * /proc/sys/vm/overcommit_memory refuse. In mode 2 each request beyond CommitLimit fails with ENOMEM and changes nothing.
 */
#include "file.h"
#include "sysv-shm.h"

enum { SIZE = 8 << 20, KIB = 1024, RW = PROT_READ | PROT_WRITE };

static long long told(const char *key)
{
	long long value = proc_number("/proc/meminfo", key);

	CHECK(value >= 0);
	return value;
}

#define SETTING(name) "/proc/sys/vm/" name

static int set(const char *path, long long value)
{
	char text[20];

	snprintf(text, sizeof(text), "%lld\n", value);
	return file_set(path, text);
}

static char *map(size_t bytes, int prot, int flags)
{
	return mmap(NULL, bytes, prot, flags | MAP_ANONYMOUS, -1, 0);
}

/* KIB more than BEFORE are committed. */
#define CHECK_MORE(before, kib) CHECK_EQ(told("Committed_AS:") - (before), kib)

static void what_counts(void)
{
	long long before = told("Committed_AS:");
	char *private = map(SIZE, RW, MAP_PRIVATE), *shared, *guarded;

	CHECK(private != MAP_FAILED);
	CHECK_MORE(before, SIZE / KIB);
	CHECK_EQ(mprotect(private, SIZE, PROT_READ), 0); /* it may hold data */
	CHECK_MORE(before, SIZE / KIB);
	CHECK_EQ(munmap(private + SIZE / 2, SIZE / 2), 0);
	CHECK_MORE(before, SIZE / 2 / KIB);
	CHECK_EQ(munmap(private, SIZE / 2), 0);
	CHECK_MORE(before, 0);
	shared = map(SIZE, PROT_READ, MAP_SHARED);
	CHECK(shared != MAP_FAILED);
	CHECK_MORE(before, SIZE / KIB);
	CHECK_EQ(munmap(shared, SIZE), 0);
	guarded = map(SIZE, PROT_NONE, MAP_PRIVATE);
	CHECK(guarded != MAP_FAILED);
	CHECK_MORE(before, 0);
	CHECK_EQ(mprotect(guarded + PAGE, 2 * PAGE, RW), 0);
	CHECK_MORE(before, 2 * PAGE / KIB);
	CHECK_EQ(mprotect(guarded, SIZE, RW), 0);
	CHECK_MORE(before, SIZE / KIB);
	CHECK_EQ(munmap(guarded, SIZE), 0);
	CHECK_MORE(before, 0);
}

/* Each page of a child may need a copy. */
static void fork_counts(void)
{
	char *private = map(SIZE, RW, MAP_PRIVATE);
	long long before = told("Committed_AS:");
	pid_t pid = fork();

	if (pid == 0)
		_exit(told("Committed_AS:") - before < SIZE / KIB);
	CHECK(pid > 0);
	CHECK_EQ(check_wait(pid), 0);
	CHECK_MORE(before, 0);
	CHECK_EQ(munmap(private, SIZE), 0);
}

static void guesses_and_says_yes(size_t too_much)
{
	char *p;

	CHECK_EQ(set(SETTING("overcommit_memory"), 0), 0);
	CHECK(map(too_much, RW, MAP_PRIVATE) == MAP_FAILED && errno == ENOMEM);
	p = map(too_much, PROT_NONE, MAP_PRIVATE);
	CHECK(p != MAP_FAILED);
	CHECK_ERROR(mprotect(p, too_much, RW), ENOMEM);
	CHECK_EQ(munmap(p, too_much), 0);
	p = map(too_much, RW, MAP_PRIVATE | MAP_NORESERVE);
	CHECK(p != MAP_FAILED);
	CHECK_EQ(munmap(p, too_much), 0);
	CHECK_EQ(set(SETTING("overcommit_memory"), 1), 0);
	p = map(too_much, RW, MAP_PRIVATE);
	CHECK(p != MAP_FAILED);
	CHECK_EQ(munmap(p, too_much), 0);
}

/* LEFT bytes may still be committed. */
static void each_way_is_refused(size_t left)
{
	char *most = map(left / 4 * 3, RW, MAP_PRIVATE), *end = sbrk(0), *p;
	long long before = told("Committed_AS:");
	size_t more = left / 2 & -PAGE;

	CHECK(most != MAP_FAILED);
	CHECK(map(more, RW, MAP_PRIVATE) == MAP_FAILED && errno == ENOMEM);
	CHECK(map(more, RW, MAP_PRIVATE | MAP_NORESERVE) == MAP_FAILED && errno == ENOMEM);
	CHECK(map(more, RW, MAP_SHARED) == MAP_FAILED && errno == ENOMEM);
	CHECK_ERROR(shmget(IPC_PRIVATE, more, 0600), ENOMEM);
	CHECK(sbrk(more) == (void *)-1 && errno == ENOMEM);
	CHECK_AT(sbrk(0), end);
	CHECK(mremap(most, left / 4 * 3, left / 4 * 3 + more, MREMAP_MAYMOVE) == MAP_FAILED && errno == ENOMEM);
	CHECK_ERROR(fork(), ENOMEM);
	p = map(more, PROT_NONE, MAP_PRIVATE);
	CHECK(p != MAP_FAILED);
	CHECK_ERROR(mprotect(p, more, RW), ENOMEM);
	CHECK_EQ(munmap(p, more), 0);
	CHECK_MORE(before, 0);
	most[0] = most[PAGE] = 1;
	CHECK_EQ(munmap(most, left / 4 * 3), 0);
}

static void strict(void)
{
	size_t left;

	CHECK_EQ(set(SETTING("overcommit_memory"), 2), 0);
	left = (told("CommitLimit:") - told("Committed_AS:")) * KIB & -(16 * PAGE);
	CHECK(left > SIZE && left < 1u << 30);
	each_way_is_refused(left);
}

/* CommitLimit is a share of memory, plus swap. */
static void limit_is_told(void)
{
	long long ratio = file_number(SETTING("overcommit_ratio")), half, all;

	CHECK_EQ(set(SETTING("overcommit_ratio"), 50), 0);
	half = told("CommitLimit:") - told("SwapTotal:");
	CHECK_EQ(set(SETTING("overcommit_ratio"), 100), 0);
	all = told("CommitLimit:") - told("SwapTotal:");
	CHECK(half > 0 && all - 2 * half >= 0 && all - 2 * half <= 8 && all <= told("MemTotal:"));
	CHECK_EQ(set(SETTING("overcommit_ratio"), ratio), 0);
	CHECK_ERROR(set(SETTING("overcommit_memory"), 3), EINVAL);
	CHECK_ERROR(set(SETTING("overcommit_memory"), -1), EINVAL);
}

/* The frames that faults leave free can be set. */
static void reserve(void)
{
	long long kib = file_number(SETTING("min_free_kbytes"));

	CHECK(kib > 0 && told("MemFree:") >= kib);
	CHECK_EQ(set(SETTING("min_free_kbytes"), kib + 64), 0);
	CHECK_EQ(file_number(SETTING("min_free_kbytes")), kib + 64);
	CHECK_ERROR(set(SETTING("min_free_kbytes"), -1), EINVAL);
	CHECK_EQ(set(SETTING("min_free_kbytes"), kib), 0);
	CHECK_EQ(file_number(SETTING("panic_on_oom")), 0);
}

int main(void)
{
	long long mode = file_number(SETTING("overcommit_memory"));
	size_t too_much = (told("MemTotal:") + told("SwapTotal:")) * KIB * 2 & -PAGE;

	CHECK(too_much < 1600u << 20);
	limit_is_told();
	what_counts();
	fork_counts();
	guesses_and_says_yes(too_much);
	strict();
	CHECK_EQ(set(SETTING("overcommit_memory"), mode), 0);
	reserve();
	return CHECK_OK();
}
