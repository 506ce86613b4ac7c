/*
 * torture - four tasks that do at once everything that swapping can get wrong.
 *
 *	torture [ROUNDS [SEED]]
 *
 * Four workers exist at a time; a round is the life of one worker. It inherits the parent's pages copy
 * on write, writes to some, maps new ones, forks a child that writes to all of these again, and works
 * on memory that all tasks share, checking every word that no task should have changed. Then it exits,
 * the parent checks its status and its memory, changes pages of its own, and forks the next one. All
 * together use about 160 pages: with 64 frames each page leaves memory again and again, while it is
 * shared, while it is copied, and while its owner exits.
 *
 * It can be the first program: it needs no file, and any error ends it with status 1 and a line that
 * says which page held what. Its actions depend on the seed alone, apart from the order in which tasks
 * run.
 */
#include "check.h"

#include <sched.h>

enum {
	WORKERS = 4,
	INHERITED = 24,			/* pages of the parent, copied on write */
	FRESH = 12,			/* pages of its own for each worker */
	SHARED = 8,			/* shared pages for each worker, seen by all */
	STEPS = 40,			/* things a worker does in its life */
	WORDS = PAGE / sizeof(uint32_t),
};

struct page {
	uint32_t word[WORDS];
};

/*
 * Pages and what each must hold: word i is tag + i * STRIDE, or 0 everywhere when the tag is 0.
 * For private memory `tags` is private too; for shared memory it is shared, under the lock.
 */
struct area {
	const char *name;
	struct page *pages;
	uint32_t *tags;
	int count;
};

#define STRIDE 0x9e3779b9u

struct control {
	volatile int lock;
	volatile unsigned int lives;
	uint32_t tags[WORKERS * SHARED];
};

static uint32_t inherited_tags[INHERITED], fresh_tags[FRESH];
static struct control *control;
static struct area inherited = { "inherited", NULL, inherited_tags, INHERITED };
static struct area fresh = { "fresh", NULL, fresh_tags, FRESH };
static struct area shared = { "shared", NULL, NULL, WORKERS * SHARED };
static uint32_t seed;

static void lock(void)
{
	while (__sync_lock_test_and_set(&control->lock, 1))
		sched_yield();
}

static void unlock(void)
{
	__sync_lock_release(&control->lock);
}

static void fill(struct area *area, int i)
{
	uint32_t tag = check_random(&seed);

	for (int k = 0; k < WORDS; k++)
		area->pages[i].word[k] = tag + k * STRIDE;
	area->tags[i] = tag;
}

static void verify(const struct area *area, int i)
{
	uint32_t tag = area->tags[i];

	for (int k = 0; k < WORDS; k++) {
		uint32_t wanted = tag ? tag + k * STRIDE : 0, got = area->pages[i].word[k];

		if (got == wanted)
			continue;
		dprintf(STDOUT_FILENO, "torture: FAILED task %d: %s page %d at %p, word %d: "
			"got %08x, wanted %08x\n", getpid(), area->name, i,
			(void *)&area->pages[i], k, got, wanted);
		_exit(1);
	}
}

static void verify_all(const struct area *area)
{
	for (int i = 0; i < area->count; i++)
		verify(area, i);
}

static int any(int n)
{
	return check_random(&seed) % n;
}

/* A child in the middle of a worker's life: no other task must see its stores. */
static void short_life(void)
{
	for (int n = 0; n < 6; n++) {
		fill(&inherited, any(INHERITED));
		fill(&fresh, any(FRESH));
	}
	verify_all(&inherited);
	verify_all(&fresh);
	lock();
	verify(&shared, any(shared.count));
	unlock();
	_exit(17);
}

static void fork_short_life(void)
{
	uint32_t next = check_random(&seed);
	pid_t pid = fork();

	if (pid == 0) {
		seed = next | 1;
		short_life();
	}
	CHECK(pid > 0);
	/* Both write at once. */
	fill(&inherited, any(INHERITED));
	fill(&fresh, any(FRESH));
	CHECK_EQ(check_wait(pid), 17 << 8);
}

static void step(int slot)
{
	switch (any(8)) {
	case 0: case 1:
		fill(&inherited, any(INHERITED));
		break;
	case 2: case 3:
		fill(&fresh, any(FRESH));
		break;
	case 4:
		verify(&inherited, any(INHERITED));
		verify(&fresh, any(FRESH));
		break;
	case 5: case 6:
		/* Its own part is written, any part is read. */
		lock();
		fill(&shared, slot * SHARED + any(SHARED));
		verify(&shared, any(shared.count));
		unlock();
		break;
	case 7:
		if (any(4) == 0)
			fork_short_life();
		else
			sched_yield();
		break;
	}
}

static void live(int slot)
{
	verify_all(&inherited);
	fresh.pages = (struct page *)check_private(FRESH);
	for (int n = 0; n < STEPS; n++)
		step(slot);
	verify_all(&inherited);
	verify_all(&fresh);
	lock();
	verify_all(&shared);
	unlock();
	__sync_fetch_and_add(&control->lives, 1);
	_exit(40 + slot);
}

/* The parent's own seed goes on; the worker's follows from round and slot. */
static pid_t start(int slot, unsigned int round, uint32_t first_seed)
{
	pid_t pid = fork();

	if (pid == 0) {
		seed = first_seed * 2654435761u + round * 40503u + slot;
		seed = seed ? seed : 1;
		live(slot);
	}
	CHECK(pid > 0);
	return pid;
}

static int find_slot(const pid_t pids[WORKERS], pid_t pid)
{
	for (int slot = 0; slot < WORKERS; slot++)
		if (pids[slot] == pid)
			return slot;
	check_fail(__FILE__, __LINE__, "a child that is ours", pid, pids[0]);
}

static void set_up(void)
{
	control = (struct control *)check_shared(1);
	shared.pages = (struct page *)check_shared(shared.count);
	shared.tags = control->tags;
	inherited.pages = (struct page *)check_private(INHERITED);
	for (int i = 0; i < INHERITED; i++)
		fill(&inherited, i);
}

/* Waits for a worker's end. => its slot. The parent then changes a page that others have inherited. */
static int bury(const pid_t pids[WORKERS])
{
	int status = 0, slot;
	pid_t pid = waitpid(-1, &status, 0);

	CHECK(pid > 0);
	slot = find_slot(pids, pid);
	CHECK_EQ(status, (40 + slot) << 8);
	fill(&inherited, any(INHERITED));
	verify(&inherited, any(INHERITED));
	return slot;
}

int main(int argc, char **argv)
{
	unsigned int rounds = argc > 1 ? atoi(argv[1]) : 1000, round = 0;
	uint32_t first_seed = argc > 2 ? atoi(argv[2]) : 1;
	pid_t pids[WORKERS] = { 0 };

	seed = first_seed | 1;
	set_up();
	for (; round < WORKERS && round < rounds; round++)
		pids[round] = start(round, round, first_seed);
	for (unsigned int ended = 0; ended < rounds; ended++) {
		int slot = bury(pids);

		if (round < rounds)
			pids[slot] = start(slot, round++, first_seed);
	}
	CHECK_EQ(control->lives, rounds);
	verify_all(&inherited);
	verify_all(&shared);
	dprintf(STDOUT_FILENO, "torture: ok rounds=%u seed=%u workers=%d pages=%d\n", rounds,
		first_seed, WORKERS, INHERITED + WORKERS * (SHARED + FRESH + INHERITED / 2));
	return 0;
}
