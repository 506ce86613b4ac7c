/*
 * lab-walk - the lab `walk`: page tables are walked, made, cleared, searched and taken away.
 *
 * The pages lie in tables side by side, but one of these is never needed. The program maps the whole range, and touches in each
 * table the first page, one that is drawn from the run's word, and the last one, or one in the middle with nothing behind it.
 */
#include "lab.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { FIRST = 0x10000000, SPAN = 0x400000, TABLES = 12, EMPTY = 5, EACH = 3, PAGES = (TABLES - 1) * EACH, ROUNDS = 20 };
enum { GAP = FIRST + SPAN + 600 * PAGE }; /* two pages that are never touched, with others before and behind them in their table */
enum { HUGE = FIRST + 16 * SPAN, HUGE_SPAN = 400 * SPAN, HUGE_ROUNDS = 800 };
enum { AGAIN = FIRST + 14 * SPAN, AGAIN_PAGES = 8, AGAIN_PAGE = 3 }; /* a page of them is unmapped, and mapped again */

static uint32_t pages[PAGES];

static void map(uint32_t start, uint32_t length)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;

	if (mmap((void *)start, length, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED)
		exit(1);
}

static void unmap(uint32_t start, uint32_t end)
{
	if (munmap((void *)start, end - start))
		exit(1);
}

static void choose_pages(void)
{
	uint32_t n = 0;

	for (uint32_t t = 0; t < TABLES; t++) {
		uint32_t table = FIRST + t * SPAN;
		uint32_t drawn = 1 + ((lab_report.word >> t) ^ t * 77) % 511;

		if (t == EMPTY)
			continue;
		pages[n++] = table;
		pages[n++] = table + drawn * PAGE;
		pages[n++] = table + (t % 2 ? SPAN - PAGE : SPAN / 2);
	}
}

/* Each word of the pages is another one, and not the same in two runs. */
static void fill_pages(void)
{
	for (uint32_t i = 0; i < PAGES; i++)
		for (uint32_t j = 0; j < PAGE / sizeof(uint32_t); j++)
			((uint32_t *)pages[i])[j] = (lab_report.word ^ pages[i]) + j;
}

/* => the first byte of a page that was unmapped and mapped again, while its neighbours stayed */
static uint32_t map_again(void)
{
	char *page = (char *)AGAIN + AGAIN_PAGE * PAGE;
	uint32_t seen;

	map(AGAIN, AGAIN_PAGES * PAGE);
	memset((void *)AGAIN, 'a', AGAIN_PAGES * PAGE);
	unmap((uint32_t)page, (uint32_t)page + PAGE);
	map((uint32_t)page, PAGE);
	seen = *(volatile char *)page;
	*page = '!';
	return seen;
}

/* Pages and tables come and go; their frames are never clean. */
static void map_and_unmap(void)
{
	for (uint32_t round = 0; round < ROUNDS; round++) {
		map(FIRST, TABLES * SPAN);
		for (uint32_t i = 0; i < PAGES; i++)
			memset((void *)pages[i], 0xFF, PAGE);
		unmap(FIRST, FIRST + TABLES * SPAN);
	}
}

/* => frames of the program's page tables, as the kernel has counted them */
static uint32_t tables_counted(void)
{
	static char text[2048];
	int fd = open("/proc/self/status", O_RDONLY);
	const char *line;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		exit(1);
	close(fd);
	line = strstr(text, "VmPTE:");
	return line ? strtoul(line + strlen("VmPTE:"), NULL, 10) / (PAGE / 1024) : 0;
}

/* Ranges without a page go: a small one between pages, and again and again one of 1600 MiB, of which the last page was touched. */
static void unmap_what_is_empty(void)
{
	unmap(GAP, GAP + 2 * PAGE);
	for (uint32_t round = 0; round < HUGE_ROUNDS; round++) {
		map(HUGE, HUGE_SPAN);
		*(volatile char *)(HUGE + HUGE_SPAN - 1) = 1;
		unmap(HUGE, HUGE + HUGE_SPAN);
	}
}

static void let_frames_fail(const char *how)
{
	int fd = open("/proc/sys/vm/fail", O_WRONLY);

	if (fd < 0 || write(fd, how, strlen(how)) < 0)
		exit(1);
	close(fd);
}

/* Failures spare the first program, so that a child has them. */
static void child(void)
{
	let_frames_fail("frame:2");
	map_and_unmap();
	let_frames_fail("off");
	lab_stop(5, 0);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	choose_pages();
	memcpy((void *)lab_report.values, pages, sizeof(pages));
	map(FIRST, TABLES * SPAN);
	fill_pages();
	lab_stop(1, 0);
	lab_report.values[PAGES] = map_again();
	lab_report.values[PAGES + 1] = AGAIN + AGAIN_PAGE * PAGE;
	lab_stop(2, 0);
	unmap(FIRST + PAGE, FIRST + TABLES * SPAN - PAGE);
	lab_stop(3, 0);
	map_and_unmap();
	map(FIRST, TABLES * SPAN);
	fill_pages();
	lab_report.values[PAGES] = tables_counted();
	lab_stop(4, 0);
	if (fork() == 0) {
		child();
		_exit(0);
	}
	wait(NULL);
	unmap_what_is_empty();
	lab_stop(6, 0);
	return 0;
}
