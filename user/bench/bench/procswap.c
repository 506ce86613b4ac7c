/*
 * procswap.c - pages per second that leave and return with a whole task, compared with the disk itself.
 *
 * The task has stored to all its pages before each order, so that all must be written. The times are those that the kernel
 * reports, from the order until the last page is written, or until the task can run. The first ones, until each slot has
 * been written once, do not count: an emulated disk is slower for blocks that were never written.
 */
#include "bench.h"

#include <fcntl.h>
#include <proc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 5 };

static char path[32];

static void order(const char *word)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		give_up(path);
	close(fd);
}

struct sum {
	uint64_t us;
	long long moved;
};

static void add(struct sum *sum, const char *us, const char *moved)
{
	sum->us += proc_number(path, us);
	sum->moved += proc_number(path, moved);
}

/* Stores to all pages whenever `*round` has become larger. */
static void work(volatile unsigned *round, volatile unsigned *done, char *p, unsigned pages)
{
	for (;; sched_yield())
		if (*done != *round) {
			store_each(p, pages);
			*done = *round;
		}
}

int bench_procswap(unsigned pages)
{
	volatile unsigned *round = (void *)map_pages(1, MAP_SHARED), *done = round + 1;
	struct sum out = { 0, 0 }, in = { 0, 0 };
	unsigned warm_up;
	char *p;
	pid_t task;

	pages = pages ? pages : proc_number("/proc/meminfo", "MemAvailable") / 4 / 2;
	p = map_pages(pages, MAP_PRIVATE);
	task = make_child();
	if (task == 0)
		work(round, done, p, pages);
	snprintf(path, sizeof(path), "/proc/%d/procswap", task);
	warm_up = proc_number("/proc/meminfo", "SwapTotal") / 4 / pages + 1;
	for (unsigned i = 1; i <= warm_up + TIMES; i++) {
		*round = i;
		while (*done != i)
			sched_yield();
		order("out");
		order("in");
		if (i <= warm_up)
			continue;
		add(&out, "out_us", "out_moved");
		add(&in, "in_us", "in_moved");
	}
	disk_line("proc-out", pages, out.us, out.moved, 0);
	disk_line("proc-in", pages, in.us, in.moved, 0);
	disk_read_in_order(disk_of_swap(), TIMES * pages);
	kill(task, SIGKILL);
	waitpid(task, NULL, 0);
	return 0;
}
