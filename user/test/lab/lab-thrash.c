/*
 * lab-thrash - the lab `thrash`: a task is swapped out as a whole while its parent goes on, and comes back with what it had.
 *
 * The child has pages of every kind: its own, some of which are in swap already, some only read, some never used; pages shared
 * with the parent, by fork and by a mapping; locked ones; pages of a file. What is stored to them follows from the run's word.
 */
#include "lab-procswap.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { OWN = 80, AWAY = 20, AGAIN = 24, BACK = 36, READ = 4, UNTOUCHED = 4, COW = 8, SHARED = 8, LOCKED = 4, FILED = 8 };
enum { ROUNDS = 40 };

static char *own, *cow, *shared, *locked, *filed;
static int to_child[2], to_parent[2];

static void load_all(char *pages, int n)
{
	for (int i = 0; i < n; i++)
		(void)*(volatile char *)(pages + i * PAGE);
}

static void map_all(void)
{
	own = map(OWN + READ + UNTOUCHED, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	cow = map(COW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	shared = map(SHARED, MAP_SHARED | MAP_ANONYMOUS, -1);
	locked = map(LOCKED, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	filed = map(FILED, MAP_PRIVATE, open("/data/text.txt", O_RDONLY));
	fill_all(cow, COW, 0x200);
	fill_all(shared, SHARED, 0x300);
}

static void stop(uint32_t number, uint32_t result)
{
	lab_stop(number, 6, own, cow, shared, locked, filed, result);
}

static void load_own_and_others(void)
{
	load_all(own, OWN + READ);
	load_all(cow, COW);
	load_all(shared, SHARED);
	load_all(locked, LOCKED);
	load_all(filed, FILED);
}

/* In the end some of the child's own pages are in swap, and some have been there: their slots hold the same. */
static void get_pages(void)
{
	fill_all(own, OWN, 0x100);
	fill_all(locked, LOCKED, 0x400);
	load_own_and_others();
	if (mlock(locked, LOCKED * PAGE) < 0 || madvise(own + AWAY * PAGE, (BACK - AWAY) * PAGE, MADV_PAGEOUT) < 0)
		_exit(1);
	load_all(own + AWAY * PAGE, AGAIN - AWAY);
}

/* => the child's number, when it has its pages and waits; FIRST: it stops before and after that */
static pid_t start_child(int first)
{
	pid_t pid = fork();

	if (pid < 0)
		exit(1);
	if (pid == 0) {
		get_pages();
		if (first)
			stop(1, 0);
		say(to_parent);
		hear(to_child);
		if (first)
			stop(5, 0);
		load_own_and_others();
		if (first)
			stop(6, 0);
		_exit(0);
	}
	hear(to_parent);
	return pid;
}

/* Until all is written that was being written when a child died: what comes last is read again. */
static void wait_for_disk(void)
{
	char *page = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	fill(page, 1);
	if (madvise(page, PAGE, MADV_PAGEOUT) < 0)
		exit(1);
	(void)*(volatile char *)page;
	munmap(page, PAGE);
}

/* The children are killed while they are out, after they have come back, on their way out, and on their way in. */
static void lose_children(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		const struct timespec moment = { .tv_nsec = i * 100000 };
		pid_t pid = start_child(0), giver = 0;

		if (i % 4 == 2)
			giver = order_beside(pid, "out");
		else
			order(pid, "out");
		if (i % 4 == 1)
			order(pid, "in");
		else if (i % 4 == 3)
			giver = order_beside(pid, "in");
		if (giver)
			nanosleep(&moment, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		if (giver)
			waitpid(giver, NULL, 0);
	}
	wait_for_disk();
}

int main(int argc, char **argv)
{
	pid_t pid;

	lab_begin(argc, argv);
	if (pipe(to_child) < 0 || pipe(to_parent) < 0)
		exit(1);
	map_all();
	pid = start_child(1);
	stop(2, order(pid, "out"));
	fill_all(shared, SHARED, 0x500);
	stop(3, 0);
	stop(4, order(pid, "in"));
	say(to_child);
	waitpid(pid, NULL, 0);
	lose_children();
	stop(7, 0);
	lose_children();
	stop(8, 0);
	return 0;
}
