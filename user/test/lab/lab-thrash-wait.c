/*
 * lab-thrash-wait - the lab `thrash`: a task is swapped out or in while the swap disk does little, or nothing.
 *
 * First a task with more pages than all requests carry is swapped out, while the disk is slow. The stop is at the moment at which
 * that is said to be done. Some of the pages are in memory, but not mapped.
 *
 * Then come cases with three stops. At its first one the grader makes the disk hold its requests, all but the first that comes;
 * at the second one it lets them go on; at the third one all has been done. Between the first two, another task has given the
 * order, and the swapper waits, for a frame or for a request: so it is known what it waits for, however fast the machine is.
 */
#include "lab-procswap.h"

#include <signal.h>
#include <stdbool.h>

/* TAKEN: more than there are requests. */
enum { OWN = 40, BUSY = 4, TAKEN = 40, STEP = 0x100, MANY = 1000, UNMAPPED = 64, MANY_STEP = 0x1000 };

struct waiting {
	const char *order;
	bool taken;  /* there is no request: another task has them all */
	bool busy;   /* some pages are being written before the order comes */
	bool killed; /* while the swapper waits */
};

static char *own, *first, *many;
static int to_child[2], to_parent[2];
static uint32_t stops;

static void nap(void)
{
	lab_sleep(20);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void stop(uint32_t early, uint32_t result)
{
	lab_stop(++stops, 2, early, result);
}

static void page_out(char *page)
{
	lab_must(madvise(page, PAGE, MADV_PAGEOUT) == 0);
}

static void task_to_be_moved(void)
{
	fill_all(own, OWN, STEP);
	say(to_parent);
	hear(to_child);
	for (int i = 0; i < BUSY; i++)
		page_out(own + i * PAGE);
	say(to_parent);
	hear(to_child);
}

/* Writes page after page, each with a request of its own, until there is no request; and goes on when there is one again. */
static void take_requests(void)
{
	char *pages = map(TAKEN, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	fill_all(pages, TAKEN, 1);
	for (int i = 0; i < TAKEN; i++)
		page_out(pages + i * PAGE);
}

/* From here on no request to the disk is done. */
static void hold_disk(void)
{
	stop(0, 0);
	fill(first, 2);
	page_out(first);
	nap();
}

static void try(const struct waiting *w)
{
	pid_t pid = lab_child(task_to_be_moved), taker = 0, giver;
	int status = 0;
	bool early;

	hear(to_parent);
	if (strcmp(w->order, "in") == 0 && order(pid, "out"))
		exit(1);
	hold_disk();
	if (w->busy) {
		say(to_child);
		hear(to_parent);
	}
	if (w->taken) {
		taker = lab_child(take_requests);
		nap();
	}
	giver = order_beside(pid, w->order);
	nap();
	early = waitpid(giver, &status, WNOHANG) == giver;
	if (w->killed)
		end(pid);
	stop(early, 0);
	if (!early)
		waitpid(giver, &status, 0);
	if (taker)
		waitpid(taker, NULL, 0);
	(void)*(volatile char *)first; /* it is read after all that came before it */
	stop(early, status);
	if (!w->killed)
		end(pid);
}

/* => are the pages all in memory that are not to be mapped? */
static bool are_there(void)
{
	unsigned char there[UNMAPPED];
	int count = 0;

	lab_must(mincore(many, UNMAPPED * PAGE, there) == 0);
	for (int i = 0; i < UNMAPPED; i++)
		count += there[i] & 1;
	return count == UNMAPPED;
}

static void task_with_many_pages(void)
{
	fill_all(many, MANY, MANY_STEP);
	lab_must(madvise(many, UNMAPPED * PAGE, MADV_PAGEOUT) == 0);
	for (int i = 0; i < 10; i++)
		nap();
	lab_must(madvise(many, UNMAPPED * PAGE, MADV_WILLNEED) == 0);
	for (int i = 0; i < 50 && !are_there(); i++)
		nap();
	say(to_parent);
	hear(to_child);
}

static void try_slowly(void)
{
	pid_t pid = lab_child(task_with_many_pages);
	int result;

	hear(to_parent);
	stop(0, 0);
	result = order(pid, "out");
	stop(1, result);
	end(pid);
}

int main(int argc, char **argv)
{
	static const struct waiting cases[] = {
		{ .order = "out" },
		{ .order = "out", .taken = true },
		{ .order = "out", .killed = true },
		{ .order = "out", .busy = true, .killed = true },
		{ .order = "out", .taken = true, .killed = true },
		{ .order = "in", .killed = true },
	};

	lab_begin(argc, argv);
	if (pipe(to_child) < 0 || pipe(to_parent) < 0)
		exit(1);
	own = map(OWN, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	first = map(1, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	many = map(MANY, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	try_slowly();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		try(&cases[i]);
	return 0;
}
