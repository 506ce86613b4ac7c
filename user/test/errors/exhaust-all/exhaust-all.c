/*
 * exhaust-all - fills the machine with one kind of object after the other, and checks that it survives.
 *
 *	exhaust-all TIMES [KIND...]
 *
 * For each kind (exhaust-all.h) a crew of tasks allocates all that it can get. In the end its tasks are refused, or killed
 * because memory is exhausted. While the survivors keep what they have, a shell must answer; when they have ended, as many
 * frames, swap slots and bytes of the kernel's heap must be free as before. A crew that makes no progress for ten seconds
 * and does not end either is a failure. This program is meant to be the first one; without a number it does nothing.
 */
#include "exhaust-all.h"
#include "room.h"

#include <sys/syscall.h>
#include <time.h>

enum { PATIENCE_MS = 10000, TRIES = 100, CREW_MAX = 16 };

static struct progress {
	volatile int steps, full;
} *progress;

void step(void)
{
	__sync_fetch_and_add(&progress->steps, 1);
}

static void nap(void)
{
	nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
}

static long milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- the crew ------------------------------------------------------------------------------------------------------ */

static void work(const struct kind *kind)
{
	kind->fill();
	__sync_fetch_and_add(&progress->full, 1);
	for (;;)
		pause();
}

/* Starts as many tasks as possible. => how many; all are in the process group *group */
static int start_crew(const struct kind *kind, pid_t *group)
{
	int n = 0;

	*group = 0;
	while (n < kind->crew) {
		pid_t pid = fork();

		if (pid == 0) {
			setpgid(0, *group);
			work(kind);
		}
		if (pid < 0)
			break;
		setpgid(pid, *group);
		if (!*group)
			*group = pid;
		n++;
	}
	return n;
}

/* Waits until each of the CREW is full or has ended. => how many have ended */
static int wait_for_crew(const struct kind *kind, int crew)
{
	long since = milliseconds();
	int ended = 0, steps = 0, status;

	while (progress->full + ended < crew) {
		while (waitpid(-1, &status, WNOHANG) > 0)
			ended++;
		if (progress->steps != steps) {
			steps = progress->steps;
			since = milliseconds();
		}
		if (milliseconds() - since > PATIENCE_MS) {
			dprintf(STDOUT_FILENO, "exhaust-all: %s: no progress\n", kind->name);
			CHECK(milliseconds() - since <= PATIENCE_MS);
		}
		nap();
	}
	return ended;
}

static void end_crew(const struct kind *kind, pid_t group)
{
	do
		kill(-group, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0);
	if (kind->clear)
		kind->clear();
}

/* --- beside it ----------------------------------------------------------------------------------------------------- */

/* => what is free when writes to the swap area that were under way are done */
static struct room room_again(const struct room *before)
{
	struct room now = room_now();

	for (int n = 0; n < TRIES && (now.frames != before->frames || now.swap_kib != before->swap_kib); n++) {
		nap();
		now = room_now();
	}
	return now;
}

/* => how often a shell could not be started or was killed before one answered */
static int ask_a_shell(void)
{
	static char *const argv[] = { "/bin/sh", "-c", "exit 42", NULL };
	int failed = 0, status;

	for (;;) {
		pid_t pid = fork();

		if (pid == 0) {
			setpgid(0, 0);
			execve(argv[0], argv, environ);
			_exit(1);
		}
		while (pid > 0 && waitpid(pid, &status, WNOHANG) != pid)
			nap();
		if (pid > 0 && status == 42 << 8)
			return failed;
		CHECK(++failed < TRIES);
		nap();
	}
}

static void run(const struct kind *kind)
{
	struct room before = room_now(), after;
	int crew, ended, failed;
	long begun = milliseconds();
	pid_t group;

	progress->full = progress->steps = 0;
	crew = start_crew(kind, &group);
	CHECK(crew > 0);
	ended = wait_for_crew(kind, crew);
	failed = ask_a_shell();
	end_crew(kind, group);
	after = room_again(&before);
	dprintf(STDOUT_FILENO, "exhaust-all: %s: %d pieces, %d of %d tasks ended, %d shells failed, %ld ms; %lld frames free\n",
		kind->name, progress->steps, ended, crew, failed, milliseconds() - begun, after.frames);
	room_check(&before, &after);
}

/* --- the table ----------------------------------------------------------------------------------------------------- */

static bool is_wanted(const char *name, int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc <= 2;
}

static int run_wanted(const struct kind *kinds, int times, int argc, char **argv)
{
	int n = 0;

	for (; kinds->name; kinds++) {
		if (!is_wanted(kinds->name, argc, argv))
			continue;
		for (int i = 0; i < times; i++)
			run(kinds);
		n++;
	}
	return n;
}

int main(int argc, char **argv)
{
	int times = argc > 1 ? atoi(argv[1]) : 0, n;

	if (!times)
		return CHECK_OK();
	progress = (struct progress *)check_shared(1);
	room_wire();
	ask_a_shell(); /* what the first run allocates for good is allocated */
	n = run_wanted(memory_kinds, times, argc, argv) + run_wanted(file_kinds, times, argc, argv) +
	    run_wanted(kernel_kinds, times, argc, argv) + run_wanted(lasting_kinds, times, argc, argv);
	dprintf(STDOUT_FILENO, "exhaust-all: %d kinds\n", n);
	return CHECK_OK();
}
