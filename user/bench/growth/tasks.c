/*
 * tasks.c - many tasks, asleep in several ways.
 */
#include "growth.h"

#include <futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 32 };

/* --- N sleepers ---------------------------------------------------------------------------------------------------- */

static uint64_t among(unsigned n, void (*body)(unsigned i), void (*calls)(unsigned n))
{
	uint64_t start, took;

	herd_begin(n, body);
	for (unsigned i = 0; body && i < 2 * n + 4; i++)
		sched_yield();	/* until all sleep */
	start = ticks();
	calls(n);
	took = (ticks() - start) / CALLS;
	herd_end();
	return took;
}

static void fork_calls(unsigned n)
{
	(void)n;
	for (int i = 0; i < CALLS; i++)
		fork_and_wait();
}

static uint64_t fork_among(unsigned n)
{
	return among(n, NULL, fork_calls);
}

static void kill_calls(unsigned n)
{
	for (int i = 0; i < CALLS; i++)
		need(kill(herd[scattered(i, n)], 0) == 0, "growth: kill");
}

static uint64_t kill_one(unsigned n)
{
	return among(n, NULL, kill_calls);
}

static void yield_calls(unsigned n)
{
	(void)n;
	for (int i = 0; i < CALLS; i++)
		sched_yield();
}

static uint64_t yield_among(unsigned n)
{
	return among(n, NULL, yield_calls);
}

static void proc_calls(unsigned n)
{
	for (int i = 0; i < CALLS; i++) {
		char name[32];
		struct stat st;

		snprintf(name, sizeof(name), "/proc/%d/stat", herd[scattered(i, n)]);
		need(stat(name, &st) == 0, name);
	}
}

static uint64_t look_up(unsigned n)
{
	return among(n, NULL, proc_calls);
}

/* For each of them. */
static uint64_t list_all(unsigned n)
{
	uint64_t took;

	herd_begin(n, NULL);
	took = read_directory("/proc") / n;
	herd_end();
	return took;
}

/* Children that have ended are waited for, each by its number. */
static uint64_t reap(unsigned n)
{
	static pid_t pids[2000];
	uint64_t start;

	for (unsigned i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(0);
		need(pids[i] > 0, "growth: fork");
	}
	sched_yield();
	start = ticks();
	for (unsigned i = 0; i < n; i++)
		need(waitpid(pids[n - 1 - i], NULL, 0) > 0, "growth: waitpid");
	return (ticks() - start) / n;
}

/* --- sleepers with a deadline, and on futexes ---------------------------------------------------------------------- */

static void sleep_long(unsigned i)
{
	struct timespec t = { .tv_sec = 100000 - i };

	nanosleep(&t, NULL);
}

/* Earlier than all others. */
static void sleep_calls(unsigned n)
{
	struct timespec soon = { .tv_nsec = 1000 };

	(void)n;
	for (int i = 0; i < CALLS; i++)
		nanosleep(&soon, NULL);
}

static uint64_t sleep_among(unsigned n)
{
	return among(n, sleep_long, sleep_calls);
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* Later than all others, until an alarm. */
static void sleep_last_calls(unsigned n)
{
	struct timespec late = { .tv_sec = 200000 };
	struct itimerval soon = { .it_value.tv_usec = 10 };

	(void)n;
	signal(SIGALRM, on_alarm);
	for (int i = 0; i < CALLS; i++) {
		need(setitimer(ITIMER_REAL, &soon, NULL) == 0, "growth: setitimer");
		need(nanosleep(&late, NULL) < 0, "growth: nanosleep");
	}
}

static uint64_t sleep_last(unsigned n)
{
	return among(n, sleep_long, sleep_last_calls);
}

static volatile int *words;

static void sleep_at_word(unsigned i)
{
	struct timespec t = { .tv_sec = 1000 + i };

	futex_wait(&words[i], 0, &t);
}

static void wake_calls(unsigned n)
{
	for (int i = 0; i < CALLS; i++)
		futex_wake(&words[n], 1);	/* a word at which nobody sleeps */
}

static uint64_t wake_at(unsigned n, void (*calls)(unsigned n))
{
	uint64_t took;

	words = (int *)map(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	took = among(n, sleep_at_word, calls);
	munmap((void *)words, 4 * PAGE);
	return took;
}

static uint64_t wake_nobody(unsigned n)
{
	return wake_at(n, wake_calls);
}

/* From the last sleeper down: in a list it would stand at the end. */
static void wake_last_calls(unsigned n)
{
	for (int i = 0; i < CALLS; i++)
		need(futex_wake(&words[n - 1 - i], 1) == 1, "growth: nobody sleeps at the word");
}

static uint64_t wake_last(unsigned n)
{
	return wake_at(n, wake_last_calls);
}

/* --- readers of one pipe ------------------------------------------------------------------------------------------- */

static int work[2], answer[2];

static void serve(unsigned i)
{
	char byte;

	(void)i;
	while (read(work[0], &byte, 1) == 1)
		if (write(answer[1], &byte, 1) != 1)
			return;
}

/* Each call has one byte read by any of the readers, which writes it back. */
static void serve_calls(unsigned n)
{
	char byte = 0;

	(void)n;
	for (int i = 0; i < CALLS; i++)
		need(write(work[1], &byte, 1) == 1 && read(answer[0], &byte, 1) == 1, "growth: pipe");
}

static uint64_t one_of_readers(unsigned n)
{
	uint64_t took;

	need(pipe(work) == 0 && pipe(answer) == 0, "growth: pipe");
	took = among(n, serve, serve_calls);
	close(work[0]);
	close(work[1]);
	close(answer[0]);
	close(answer[1]);
	return took;
}

#define TASKS { 40, 160, 640, 1300 }

const struct curve task_curves[] = {
	{ "task-fork", fork_among, TASKS, "tasks", "fork, exit and wait of one more" },
	{ "task-kill", kill_one, TASKS, "tasks", "kill(pid, 0)" },
	{ "task-yield", yield_among, TASKS, "tasks asleep", "sched_yield" },
	{ "task-proc", look_up, TASKS, "tasks", "stat of /proc/PID/stat" },
	{ "tasks-list", list_all, TASKS, "tasks", "reading the directory /proc, for each" },
	{ "tasks-reap", reap, TASKS, "zombies", "waitpid of each, for each" },
	{ "task-sleep", sleep_among, TASKS, "tasks with a deadline", "nanosleep with the first deadline" },
	{ "task-sleep-last", sleep_last, TASKS, "tasks with a deadline", "the same with the last deadline, and an alarm" },
	{ "futex-nobody", wake_nobody, TASKS, "tasks at a futex each", "FUTEX_WAKE at another word" },
	{ "futex-last", wake_last, TASKS, "tasks at a futex each", "FUTEX_WAKE of one" },
	{ "pipe-readers", one_of_readers, TASKS, "readers of a pipe", "a byte read by one of them, and its answer" },
	{ 0 },
};
