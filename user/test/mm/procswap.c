/*
 * procswap - a task is swapped out as a whole and comes back: during a computation and in calls that sleep, with pages of
 * every kind. Pages that it alone had in memory are in swap then; pages that other tasks use, or that are locked, are not.
 * Exactly the pages that it had in memory are read back before it continues, unchanged.
 */
#include "procswap.h"
#include "task.h"

#include <futex.h>
#include <time.h>

enum { PRIVATE = 300, COW = 16, SHARED = 16, LOCKED = 8, FILED = 8, UNTOUCHED = 10 };

struct together {
	volatile int ready, go;
	volatile long beats;
};

static struct together *t;
static uint32_t *cow, *shared;
static int ends[2];

/* The child's own; at the same addresses in the parent, which does not touch them. */
static uint32_t *mine, *locked, *filed;

static uint32_t word_of(size_t page, uint32_t salt)
{
	return (page + 1) * 2654435761u ^ salt;
}

static void fill(uint32_t *p, size_t pages, uint32_t salt)
{
	for (size_t i = 0; i < pages; i++)
		p[i * (PAGE / 4) + i % 1000] = word_of(i, salt);
}

static bool holds(const uint32_t *p, size_t pages, uint32_t salt)
{
	for (size_t i = 0; i < pages; i++)
		if (p[i * (PAGE / 4) + i % 1000] != word_of(i, salt))
			return false;
	return true;
}

/* --- what the child does until it is to continue -------------------------------------------------------------------- */

static void compute(void)
{
	while (!t->go) {
		CHECK(holds(mine, PRIVATE, 1));
		t->beats++;
	}
}

static void sleep_in_read(void)
{
	char c;

	CHECK_EQ(read(ends[0], &c, 1), 1);
}

static void sleep_on_futex(void)
{
	while (!t->go)
		futex_wait((int *)&t->go, 0, NULL);
}

static void nap(long milliseconds)
{
	struct timespec time = { 0, milliseconds * 1000000 };

	nanosleep(&time, NULL);
}

static void sleep_often(void)
{
	while (!t->go) {
		nap(1);
		t->beats++;
	}
}

static void wait_for_child(void)
{
	CHECK_EQ(check_signal_of((void (*)(void *))sleep_in_read, NULL), 0);
}

struct kind {
	const char *name;
	void (*wait)(void);
};

static void child(void *argument)
{
	const struct kind *kind = argument;

	fill(mine, PRIVATE, 1);
	fill(locked, LOCKED, 2);
	fill(filed, FILED, 3);
	CHECK_EQ(mlock(locked, LOCKED * PAGE), 0);
	CHECK(holds(cow, COW, 4) && holds(shared, SHARED, 5));
	t->ready = 1;
	kind->wait();
	CHECK(holds(mine, PRIVATE, 1) && holds(locked, LOCKED, 2) && holds(filed, FILED, 3) && holds(cow, COW, 4));
	CHECK(holds(shared, SHARED, 6)); /* the parent has stored meanwhile */
	fill(mine, PRIVATE, 7);
	fill(cow, COW, 8);
	CHECK(holds(mine, PRIVATE, 7) && holds(cow, COW, 8));
}

/* --- what the parent sees ---------------------------------------------------------------------------------------------- */

static int pagemap;

/* => how many of these pages of the child have BIT set */
static size_t pages_with(const void *address, size_t pages, uint64_t bit)
{
	uint64_t words[PRIVATE];
	size_t n = 0;

	CHECK_EQ(proc_pagemap(pagemap, (unsigned long)address, words, pages), pages);
	for (size_t i = 0; i < pages; i++)
		n += (words[i] & bit) != 0;
	return n;
}

static int major_faults_of(pid_t pid)
{
	char path[40], text[256], *word;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	CHECK(proc_text(path, text, sizeof(text)) > 0);
	word = strrchr(text, ')') + 1;
	for (int field = 2; field < 12; field++)
		word = strchr(word + 1, ' ');
	return atoi(word);
}

static void check_out(pid_t pid, bool clean)
{
	CHECK_EQ(task_state(pid), 'W');
	CHECK_EQ(pages_with(mine, PRIVATE, PAGEMAP_SWAPPED), PRIVATE);
	CHECK_EQ(pages_with(filed, FILED, PAGEMAP_PRESENT), 0);
	CHECK_EQ(pages_with(locked, LOCKED, PAGEMAP_PRESENT), LOCKED);
	CHECK_EQ(pages_with(cow, COW, PAGEMAP_PRESENT), COW);
	CHECK_EQ(pages_with(shared, SHARED, PAGEMAP_PRESENT), SHARED);
	CHECK(procswap_figure(pid, "out_pages") >= PRIVATE + LOCKED + FILED + COW + SHARED);
	CHECK(clean || procswap_figure(pid, "out_moved") >= PRIVATE);
	CHECK(!clean || procswap_figure(pid, "out_moved") < PRIVATE / 10); /* their slots hold the same */
	CHECK(procswap_figure(pid, "out_runs") <= PRIVATE / 16);
	CHECK(procswap_figure(pid, "out_frames") >= PRIVATE + FILED + 4);
}

static void check_in(pid_t pid, long long in_before)
{
	CHECK(task_state(pid) != 'W');
	CHECK_EQ(pages_with(mine, PRIVATE, PAGEMAP_PRESENT), PRIVATE);
	CHECK_EQ(pages_with(locked, LOCKED, PAGEMAP_PRESENT), LOCKED);
	CHECK(procswap_figure(pid, "in_moved") >= PRIVATE);
	CHECK(procswap_figure(pid, "in_runs") <= PRIVATE / 16);
	CHECK_EQ(check_counter("pswpin"), in_before + procswap_figure(pid, "in_moved"));
}

static void release(void)
{
	t->go = 1;
	futex_wake((int *)&t->go, 1);
	CHECK_EQ(write(ends[1], "x", 1), 1);
}

static void out_and_in(pid_t pid, bool clean)
{
	long long in_before;
	int major = major_faults_of(pid);
	long beats;

	CHECK_EQ(procswap_order(pid, "out"), 0);
	check_out(pid, clean);
	beats = t->beats;
	in_before = check_counter("pswpin");
	CHECK_EQ(procswap_order(pid, "out"), 0); /* it is out already */
	fill(shared, SHARED, 6);
	nap(20);
	CHECK_EQ(t->beats, beats);
	CHECK_EQ(procswap_order(pid, "in"), 0);
	check_in(pid, in_before);
	nap(20);
	CHECK_EQ(major_faults_of(pid), major);
}

static void begin(void)
{
	memset(t, 0, sizeof(*t));
	fill(cow, COW, 4);
	fill(shared, SHARED, 5);
}

static pid_t start(const struct kind *kind)
{
	pid_t pid;

	begin();
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		child((void *)kind);
		_exit(0);
	}
	while (!t->ready)
		nap(1);
	nap(10); /* until it sleeps */
	return pid;
}

static void try_kind(const struct kind *kind)
{
	pid_t pid = start(kind);
	char path[40];

	if (procswap_exists()) {
		snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
		pagemap = open(path, O_RDONLY);
		out_and_in(pid, false);
		out_and_in(pid, true);
		close(pagemap);
	}
	fill(shared, SHARED, 6);
	release();
	CHECK_EQ(check_wait(pid), 0);
	if (kind->wait != sleep_in_read && kind->wait != wait_for_child)
		sleep_in_read(); /* no task has read what release() wrote */
	CHECK(holds(cow, COW, 4));
	dprintf(STDOUT_FILENO, "%s: as it was\n", kind->name);
}

/* Killed while it is out, it ends without coming back; nothing is left behind. */
static void test_killed(const struct kind *kind)
{
	pid_t pid = start(kind);

	procswap_order(pid, "out");
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(check_wait(pid), SIGKILL);
}

/* Events that occur while it is out take effect when it is back. */
static void test_woken_while_out(const struct kind *kind)
{
	pid_t pid = start(kind);
	int status;

	procswap_order(pid, "out");
	fill(shared, SHARED, 6);
	release();
	nap(20);
	CHECK_EQ(waitpid(pid, &status, WNOHANG), procswap_exists() ? 0 : pid);
	if (!procswap_exists())
		return;
	CHECK_EQ(procswap_order(pid, "in"), 0);
	CHECK_EQ(check_wait(pid), 0);
}

static void test_refused(void)
{
	if (!procswap_exists())
		return;
	CHECK_EQ(procswap_order(getpid(), "out"), EINVAL);
	CHECK_EQ(procswap_order(2, "out"), EINVAL); /* a kernel thread */
	CHECK_EQ(procswap_order(getppid(), "sideways"), EINVAL);
	CHECK_EQ(procswap_order(30000, "out"), ENOENT);
	if (getppid() == 1)
		CHECK_EQ(procswap_order(1, "out"), EPERM);
}

static void map_all(void)
{
	int fd = open("procswap.tmp", O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, FILED * PAGE), 0);
	filed = mmap(NULL, FILED * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(filed != MAP_FAILED);
	close(fd);
	unlink("procswap.tmp");
	t = (void *)check_shared(1);
	cow = (void *)check_private(COW);
	shared = (void *)check_shared(SHARED);
	mine = (void *)check_private(PRIVATE + UNTOUCHED);
	locked = (void *)check_private(LOCKED);
	CHECK_EQ(pipe(ends), 0);
}

int main(void)
{
	static const struct kind kinds[] = {
		{ "computing", compute }, { "in read", sleep_in_read }, { "on a futex", sleep_on_futex },
		{ "in nanosleep", sleep_often }, { "in waitpid", wait_for_child },
	};

	map_all();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		try_kind(&kinds[i]);
	test_killed(&kinds[0]);
	test_killed(&kinds[1]);
	test_woken_while_out(&kinds[1]);
	test_refused();
	return CHECK_OK();
}
