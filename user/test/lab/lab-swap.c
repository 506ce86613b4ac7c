/*
 * lab-swap - the lab `swap`: pages go to the disk and come back as they were, and what is there already is not written again.
 */
#include "lab.h"

#include <fcntl.h>
#include <proc.h>
#include <sys/mman.h>
#include <time.h>

enum { PAGES = 8, STORED = 5, HURRIES = 40, MANY = 3000, WORDS = PAGE / sizeof(uint32_t), MOST_MS = 3000 };

static uint32_t *pages;
static uint32_t wrong;	/* pages that did not hold what was stored in them */

/* What the page has, from the run's word: the grader computes the same. */
static uint32_t first_word(uint32_t page)
{
	return lab_report.word + page * 2654435761u;
}

static void fill(uint32_t *p, uint32_t page)
{
	uint32_t x = first_word(page);

	for (uint32_t i = 0; i < WORDS; i++, x = x * 1664525 + 1013904223)
		p[i] = x;
}

static bool is_filled(const uint32_t *p, uint32_t page)
{
	uint32_t x = first_word(page);

	for (uint32_t i = 0; i < WORDS; i++, x = x * 1664525 + 1013904223)
		if (p[i] != x)
			return false;
	return true;
}

static uint32_t *map(int n)
{
	uint32_t *p = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		printf("lab: mmap refuses %d pages\n", n);
		exit(1);
	}
	return p;
}

static void stop(uint32_t number)
{
	lab_stop(number, 3, (uint32_t)pages, (uint32_t)proc_number("/proc/meminfo", "SwapFree:"), wrong);
}

static int pages_out(int fd)
{
	uint64_t words[PAGES] = { 0 };
	int n = 0;

	proc_pagemap(fd, (unsigned long)pages, words, PAGES);
	for (int i = 0; i < PAGES; i++)
		n += (words[i] & PAGEMAP_SWAPPED) != 0;
	return n;
}

/* The kernel starts to write and does not wait; this does, but not for ever. */
static void page_out(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	int fd = open("/proc/self/pagemap", O_RDONLY);

	madvise(pages, PAGES * PAGE, MADV_PAGEOUT);
	for (int i = 0; i < MOST_MS && pages_out(fd) < PAGES; i++)
		nanosleep(&ms, NULL);
	close(fd);
}

static void look_at_all(uint32_t *p, int n)
{
	wrong = 0;
	for (int i = 0; i < n; i++)
		wrong += !is_filled(p + i * WORDS, i);
}

/* Pages that are on their way out are loaded from, or stored to. */
static void use_while_written(void)
{
	uint32_t lost = 0;

	for (int round = 0; round < HURRIES; round++) {
		for (int i = 0; i < PAGES; i++)
			fill(pages + i * WORDS, i);
		madvise(pages, PAGES * PAGE, MADV_PAGEOUT);
		if (round % 2)
			pages[round % PAGES * WORDS] = first_word(round % PAGES);
		look_at_all(pages, PAGES);
		lost += wrong;
	}
	wrong = lost;
}

static void fill_more_than_memory(void)
{
	pages = map(MANY);
	for (int i = 0; i < MANY; i++)
		fill(pages + i * WORDS, i);
	stop(9);
	for (int i = 0; i < 2; i++)
		look_at_all(pages, MANY);
	stop(10);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	pages = map(PAGES);
	stop(1);
	for (int i = 0; i < PAGES; i++)
		fill(pages + i * WORDS, i);
	stop(2);
	page_out();
	stop(3);
	look_at_all(pages, PAGES);
	stop(4);
	page_out();
	stop(5);
	look_at_all(pages, PAGES);
	fill(pages + STORED * WORDS, STORED + PAGES);
	page_out();
	stop(6);
	use_while_written();
	stop(7);
	munmap(pages, PAGES * PAGE);
	stop(8);
	fill_more_than_memory();
	return 0;
}
