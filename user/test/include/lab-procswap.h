/*
 * lab-procswap.h - what the programs of the lab `thrash` share: pages with words that follow from the run's word, pipes on which
 * tasks wait for each other, and the orders of /proc/PID/procswap.
 */
#ifndef USER_TEST_LAB_PROCSWAP_H
#define USER_TEST_LAB_PROCSWAP_H

#include "lab.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

static inline void fill(char *page, uint32_t step)
{
	uint32_t *words = (uint32_t *)page, word = lab_report.word;

	for (int i = 0; i < PAGE / 4; i++)
		words[i] = word += step;
}

static inline void fill_all(char *pages, int n, uint32_t step)
{
	for (int i = 0; i < n; i++)
		fill(pages + i * PAGE, step + i);
}

static inline char *map(int pages, int flags, int fd)
{
	char *p = mmap(NULL, pages * PAGE, fd < 0 ? PROT_READ | PROT_WRITE : PROT_READ, flags, fd, 0);

	if (p == MAP_FAILED)
		exit(1);
	return p;
}

static inline void say(int *pipe_ends)
{
	if (write(pipe_ends[1], "", 1) != 1)
		_exit(1);
}

static inline void hear(int *pipe_ends)
{
	char c;

	if (read(pipe_ends[0], &c, 1) != 1)
		_exit(1);
}

/* => 0: the task was swapped "out" or "in" */
static inline int order(pid_t pid, const char *text)
{
	char path[40];
	int fd, written, length = strlen(text);

	snprintf(path, sizeof(path), "/proc/%d/procswap", pid);
	fd = open(path, O_WRONLY);
	written = write(fd, text, length);
	close(fd);
	return written == length ? 0 : -1;
}

/* => a child that has given the order, while this task goes on; its status is 0 if the task was swapped */
static inline pid_t order_beside(pid_t pid, const char *text)
{
	pid_t giver = fork();

	if (giver < 0)
		exit(1);
	if (giver == 0)
		_exit(order(pid, text) ? 1 : 0);
	return giver;
}

#endif
