/*
 * lab-cow-swap - the lab `cow`: pages that are shared copy-on-write while they are in swap, and while no frame is free.
 */
#include "lab.h"

#include <sys/mman.h>
#include <sys/wait.h>

enum { PAGES = 96, WORDS = PAGE / sizeof(uint32_t), CHILD = 1 << 16 };

static uint32_t (*pages)[WORDS];

/* => what stands at a place; it follows from the grader's word, which the kernel cannot foresee */
static uint32_t text(int page, uint32_t i, uint32_t whose)
{
	return lab_report.word * (page + 1) + i + whose;
}

static void fill(uint32_t whose)
{
	for (int page = 0; page < PAGES; page++)
		for (uint32_t i = 0; i < WORDS; i++)
			pages[page][i] = text(page, i, whose);
}

/* Stops: how many pages are not as they should be, and the sum of all words. */
static void stop(uint32_t number, uint32_t whose)
{
	uint32_t wrong = 0, sum = 0;

	for (int page = 0; page < PAGES; page++) {
		uint32_t good = 0;

		for (uint32_t i = 0; i < WORDS; i++) {
			sum += pages[page][i];
			good += pages[page][i] == text(page, i, i ? 0 : whose);
		}
		wrong += good != WORDS;
	}
	lab_stop(number, 2, wrong, sum);
}

/* The pages are in swap; a child stores one word to each. */
static void fork_while_in_swap(uint32_t number)
{
	madvise(pages, PAGES * PAGE, MADV_PAGEOUT);
	if (fork() == 0) {
		for (int page = 0; page < PAGES; page++)
			pages[page][0] = text(page, 0, CHILD); /* without a load, which would bring the page back */
		stop(number, CHILD);
		_exit(0);
	}
	wait(NULL);
	stop(number + 1, 0);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	pages = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return 1;
	fill(0);
	fork_while_in_swap(1);
	return 0;
}
