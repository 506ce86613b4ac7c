/*
 * demo_pages.c - pages, their frames, and how many there are.
 */
#include "demo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCH = 128, PICTURE_LINES = 14 };

void *pages_map(size_t count, int flags)
{
	void *p = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	expect(p != MAP_FAILED, "mmap of %lu pages failed", "%lu ページの mmap が失敗",
	       (unsigned long)count);
	return p == MAP_FAILED ? NULL : p;
}

static long long count_pages(const void *address, size_t count, uint64_t bit)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	unsigned long at = (unsigned long)address;
	long long found = 0;
	uint64_t words[BATCH];
	size_t n;

	if (fd < 0)
		return PROC_ABSENT;
	for (; count > 0; count -= n, at += n * PAGE) {
		n = count < BATCH ? count : BATCH;
		if (proc_pagemap(fd, at, words, n) != (ssize_t)n) {
			found = PROC_ABSENT;
			break;
		}
		for (size_t i = 0; i < n; i++)
			found += (words[i] & bit) != 0;
	}
	close(fd);
	return found;
}

long long pages_in_ram(const void *address, size_t count)
{
	return count_pages(address, count, PAGEMAP_PRESENT);
}

long long pages_in_swap(const void *address, size_t count)
{
	return count_pages(address, count, PAGEMAP_SWAPPED);
}

unsigned long pages_frame(const void *address)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t word = 0;

	if (fd < 0)
		return 0;
	if (proc_pagemap(fd, (unsigned long)address, &word, 1) != 1)
		word = 0;
	close(fd);
	return word & PAGEMAP_PRESENT ? word & PAGEMAP_FRAME : 0;
}

size_t pages_memory(const char *key)
{
	long long kib = proc_number("/proc/meminfo", key);

	return kib > 0 ? kib / (PAGE / 1024) : 0;
}

void pages_limit(size_t frames)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_RSS, &limit) < 0)
		return;
	limit.rlim_cur = frames ? frames * PAGE : limit.rlim_max;
	setrlimit(RLIMIT_RSS, &limit);
}

bool pages_limit_works(void)
{
	return proc_number("/proc/vmstat", "scope_reclaim") != PROC_ABSENT;
}

/* --- the picture ------------------------------------------------------------------------------ */

/* Starts /bin/pages on this task; the end of the pipe that gives its text, -1 without it. */
static int start_pages(pid_t *child)
{
	char number[16];
	char *arguments[] = { "pages", number, NULL };
	int fd[2];

	snprintf(number, sizeof(number), "%d", getpid());
	if (pipe(fd) < 0)
		return -1;
	*child = fork();
	if (*child == 0) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		close(fd[1]);
		execvp("pages", arguments);
		_exit(127);
	}
	close(fd[1]);
	if (*child > 0)
		return fd[0];
	close(fd[0]);
	return -1;
}

/*
 * Of all lines only those of the pages from `start` to `end` are shown. They begin with a blank and an
 * address; a line without one ("3 more rows like this") belongs to the one before it.
 */
static void print_region(FILE *pages, unsigned long start, unsigned long end)
{
	bool inside = false;
	unsigned int lines = 0;
	char line[128];

	while (fgets(line, sizeof(line), pages)) {
		unsigned long address = strtoul(line, NULL, 16);

		if (line[0] != ' ')
			inside = false;
		else if (line[1] != ' ')
			inside = address >= start && address < end;
		if (inside && ++lines <= PICTURE_LINES)
			printf("  %s", line);
	}
	if (lines > PICTURE_LINES)
		printf("            (+ %u)\n", lines - PICTURE_LINES);
}

void pages_picture(const void *address, size_t count)
{
	long long ram = pages_in_ram(address, count), swap = pages_in_swap(address, count);
	pid_t child = -1;
	int fd = start_pages(&child), status;
	FILE *pages = fd < 0 ? NULL : fdopen(fd, "r");

	if (pages)
		print_region(pages, (unsigned long)address, (unsigned long)address + count * PAGE);
	printf(show_japanese ? "   # RAM に %lld   s スワップに %lld   . 未使用 %lld ページ\n" :
			       "   # in RAM: %lld   s in swap: %lld   . untouched: %lld pages\n",
	       ram, swap, (long long)count - ram - swap);
	fflush(stdout);
	if (pages)
		fclose(pages);
	if (child > 0)
		waitpid(child, &status, 0);
}
