/*
 * turns - five tasks of which two fit into memory visit their pages again and again, with rests, until each has had its turn:
 * none is kept out for good, and each finds the contents of its pages unchanged.
 *
 *	turns [short | stopped]		short: for a limited time only; stopped: the first one is stopped until the others
 *					have had their turns
 */
#include "job.h"
#include "procswap.h"

enum { TASKS = 5, ROUNDS = 12, WORK = 100, REST_MS = 5, SHORT_MS = 3000, TOO_LONG_MS = 50000 };

static struct {
	volatile uint32_t rounds[TASKS], ready[TASKS];
	volatile int stop;
} *shared;

static size_t pages;

static void rest(long milliseconds)
{
	nanosleep(&(struct timespec){ milliseconds / 1000, milliseconds % 1000 * 1000000 }, NULL);
}

/* Nearly half of what is free here; on Linux, which has more memory, an insignificant part. */
static void choose_size(void)
{
	long long free_pages = check_counter("nr_free_pages");

	pages = check_counter("procswap_out") == PROC_ABSENT ? 64 : free_pages * 9 / 20;
}

static void work(int task)
{
	uint32_t *memory = (void *)check_private(pages);

	for (uint32_t round = 0; !shared->stop; round++) {
		for (size_t i = 0; i < pages && !shared->stop; i++) {
			volatile uint32_t *word = memory + i * (PAGE / 4) + i % 1000;

			CHECK_EQ(*word, round ? round * 7919 + i : 0);
			for (int n = 0; n < WORK; n++)
				*word = (round + 1) * 7919 + i;
		}
		shared->rounds[task]++;
		rest(REST_MS);
	}
}

static bool had_turns(int from)
{
	for (int i = from; i < TASKS; i++)
		if (shared->rounds[i] < ROUNDS)
			return false;
	return true;
}

/* A stopped task may be swapped out for as long as it is stopped, and has lost nothing when it continues. */
static void first_is_stopped(pid_t pid)
{
	uint32_t before;

	while (!shared->rounds[0])
		rest(10);
	job_stop(pid, SIGSTOP);
	before = shared->rounds[0];
	while (!had_turns(1))
		rest(100);
	CHECK_EQ(task_state(pid), 'T');
	CHECK_EQ(shared->rounds[0], before);
	CHECK(procswap_figure(pid, "times") <= 1);	/* a stopped task is not brought in */
	job_continue(pid);
	while (shared->rounds[0] < before + 2)
		rest(100);
}

int main(int argc, char **argv)
{
	long limit = argc > 1 && strcmp(argv[1], "short") == 0 ? SHORT_MS : TOO_LONG_MS, waited = 0;
	pid_t pids[TASKS];

	shared = (void *)check_shared(1);
	choose_size();
	for (int i = 0; i < TASKS; i++) {
		pids[i] = fork();
		CHECK(pids[i] >= 0);
		if (pids[i] == 0) {
			work(i);
			_exit(0);
		}
	}
	if (argc > 1 && strcmp(argv[1], "stopped") == 0)
		first_is_stopped(pids[0]);
	for (; waited < limit && !had_turns(0); waited += 100)
		rest(100);
	shared->stop = 1;
	for (int i = 0; i < TASKS; i++) {
		CHECK_EQ(check_wait(pids[i]), 0);
	}
	CHECK(limit == SHORT_MS || waited < limit);
	return CHECK_OK();
}
