/*
 * pages.c - pages, their frames, and how many there are.
 */
#include "demo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BATCH = 128, PICTURE_LINES = 14 };

void *pages_map(size_t pages, int flags)
{
	void *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	expect(p != MAP_FAILED, "mmap of %lu pages failed", "%lu ページの mmap が失敗",
	       (unsigned long)pages);
	return p == MAP_FAILED ? NULL : p;
}

static void count_words(struct pages_count *count, const uint64_t *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		count->ram += (words[i] & PAGEMAP_PRESENT) != 0;
		count->swap += (words[i] & PAGEMAP_SWAPPED) != 0;
		count->untouched += !(words[i] & (PAGEMAP_PRESENT | PAGEMAP_SWAPPED));
	}
}

struct pages_count pages_count_of(pid_t task, const void *address, size_t pages)
{
	static const struct pages_count unknown = { PROC_ABSENT, PROC_ABSENT, PROC_ABSENT };
	unsigned long at = (unsigned long)address;
	struct pages_count count = { 0, 0, 0 };
	uint64_t words[BATCH];
	char path[32];
	size_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", task);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	for (; pages > 0; pages -= n, at += n * PAGE) {
		n = pages < BATCH ? pages : BATCH;
		if (fd < 0 || proc_pagemap(fd, at, words, n) != (ssize_t)n) {
			count = unknown;
			break;
		}
		count_words(&count, words, n);
	}
	close(fd);
	return count;
}

struct pages_count pages_count(const void *address, size_t pages)
{
	return pages_count_of(getpid(), address, pages);
}

long long pages_in_ram(const void *address, size_t pages)
{
	return pages_count(address, pages).ram;
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

long pages_faults(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
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

/* Starts /bin/pages on these pages of this task. => the pipe with its output, or -1 */
static int start_pages(unsigned long start, unsigned long end, pid_t *child)
{
	char number[16], range[32];
	char *arguments[] = { "pages", number, range, NULL };
	int fd[2];

	snprintf(number, sizeof(number), "%d", getpid());
	snprintf(range, sizeof(range), "%lx-%lx", start, end);
	if (pipe(fd) < 0)
		return -1;
	*child = demo_exec(arguments, -1, fd[1], 0);
	close(fd[1]);
	return fd[0];
}

/* Prints only the rows, which begin with a blank, unlike names of regions and sums. */
static void print_rows(FILE *pages)
{
	unsigned int lines = 0;
	char line[128];

	while (fgets(line, sizeof(line), pages))
		if (line[0] == ' ' && ++lines <= PICTURE_LINES)
			printf("  %s", line);
	if (lines > PICTURE_LINES)
		printf("            (+ %u)\n", lines - PICTURE_LINES);
}

void pages_picture(const void *address, size_t pages)
{
	unsigned long start = (unsigned long)address;
	struct pages_count count = pages_count(address, pages);
	pid_t child = -1;
	int fd = start_pages(start, start + pages * PAGE, &child);
	FILE *text = fd < 0 ? NULL : fdopen(fd, "r");

	if (text) {
		print_rows(text);
		fclose(text);
	}
	demo_wait(child);
	if (count.ram != PROC_ABSENT)
		say("# in RAM: %lld, s in swap: %lld, . untouched: %lld",
		    "# RAM に %lld、s スワップに %lld、. 未使用 %lld", count.ram, count.swap,
		    count.untouched);
}
