/*
 * lab-wmap - the lab `wmap`: lazy mappings of memory and of a file, inherited by fork, and what the page table says about them.
 *
 * Pages are filled with words that follow from the run's word, so that nothing but this program can know them.
 */
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <wmap.h>

enum { ANON = 0x60010000, PLAIN = 0x68000000, FILE_AT = 0x70000000 };
enum { MANY = WMAP_END - (2 * MAX_WMMAP_INFO - 1) * PAGE }; /* every second page, up to the last one */
enum { PAGES = 8, FILE_LENGTH = 5 * PAGE + 100 };
enum { SHARED = MAP_FIXED | MAP_SHARED, ZEROS = SHARED | MAP_ANONYMOUS };

/* The page at ADDRESS gets words that begin after the run's and go up by STEP. */
static void fill(unsigned int address, uint32_t step)
{
	uint32_t *words = (uint32_t *)address, word = lab_report.word;

	for (int i = 0; i < PAGE / 4; i++)
		words[i] = word += step;
}

static void load(unsigned int address)
{
	(void)*(volatile char *)address;
}

/* => 1: wmap has not refused, 0: it has */
static uint32_t granted(unsigned int address, int length, int flags, int fd)
{
	return wmap(address, length, flags, fd) != (unsigned int)FAILED;
}

/*
 * Each is to be refused. No two are at one address, so that none is refused for what another one has left there. (The grader has
 * their names in the same order, and those of the bits behind them.)
 */
static const struct {
	unsigned int address;
	int length, flags;
} wrong_calls[] = {
	{0x61000000, PAGE, MAP_SHARED | MAP_ANONYMOUS},
	{0x61100000, PAGE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS},
	{0x61200000, PAGE, ZEROS | MAP_POPULATE},
	{0x61300001, PAGE, ZEROS},
	{WMAP_START - PAGE, PAGE, ZEROS},
	{WMAP_END, PAGE, ZEROS},
	{WMAP_END - PAGE, 2 * PAGE, ZEROS},
	{0x61400000, 0, ZEROS},
	{0x61500000, -PAGE, ZEROS},
	{0x61600000, PAGE, SHARED},
};
enum { WRONG_CALLS = sizeof(wrong_calls) / sizeof(wrong_calls[0]) };

/* => bit 0: a mapping of wmap has been replaced, 1: one of mmap, 2: its page does not hold any more what was stored to it */
static uint32_t replaced(void)
{
	volatile uint32_t *plain = mmap((void *)PLAIN, PAGE, PROT_READ | PROT_WRITE, ZEROS, -1, 0);
	uint32_t found;

	*plain = lab_report.word + 1;
	wmap(ANON, PAGES * PAGE, ZEROS, -1);
	found = granted(ANON + (PAGES - 1) * PAGE, 2 * PAGE, ZEROS, -1) << 0 | granted(PLAIN - PAGE, 2 * PAGE, ZEROS, -1) << 1;
	return found | (*plain != lab_report.word + 1) << 2;
}

/* => a bit for each call that is not refused, though it should be; then those of replaced() */
static uint32_t not_refused(void)
{
	uint32_t found = 0;

	for (int i = 0; i < WRONG_CALLS; i++)
		found |= granted(wrong_calls[i].address, wrong_calls[i].length, wrong_calls[i].flags, -1) << i;
	return found | replaced() << WRONG_CALLS;
}

/* => what not_refused() finds in a child, which takes along what it should not have been given; all bits: it has not come back */
static uint32_t not_refused_in_child(void)
{
	volatile uint32_t *found = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	*found = ~0u;
	pid = fork();
	if (pid == 0) {
		*found = not_refused();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		exit(1);
	return *found;
}

/* The mapping of memory: nothing, then three pages. */
static void use_memory(void)
{
	uint32_t found = not_refused_in_child(), at = wmap(ANON, PAGES * PAGE, ZEROS, -1);

	lab_stop(1, 4, ANON, PAGES, found, at);
	fill(ANON, 1);
	fill(ANON + 3 * PAGE, 3);
	fill(ANON + 7 * PAGE, 7);
	lab_stop(2, 2, ANON, PAGES);
}

/* => a descriptor of a file of PAGES pages, all of them filled */
static int make_file(void)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));
	int fd = open("/tmp/wmap", O_RDWR | O_CREAT | O_TRUNC, 0644);

	for (int i = 0; i < PAGES; i++) {
		fill((unsigned int)page, 0x100 + i);
		if (write(fd, page, PAGE) != PAGE)
			exit(1);
	}
	return fd;
}

/* The mapping of a file: one page is read, one is stored to. */
static void use_file(void)
{
	int fd = make_file();
	uint32_t at = wmap(FILE_AT, FILE_LENGTH, SHARED, fd);

	close(fd);
	load(FILE_AT + PAGE);
	fill(FILE_AT + 4 * PAGE, 0x200);
	lab_stop(3, 3, FILE_AT, PAGES, at);
}

static void in_child(void)
{
	for (int i = 0; i < PAGES; i++)
		load(ANON + i * PAGE);
	fill(ANON + 5 * PAGE, 5);
	lab_stop(4, 2, ANON, PAGES);
	lab_stop(5, 3, ANON, PAGES, wunmap(ANON));
	_exit(0);
}

static void use_in_both(void)
{
	pid_t pid = fork();

	if (pid == 0)
		in_child();
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		exit(1);
	load(ANON + 5 * PAGE);
	lab_stop(6, 2, ANON, PAGES);
}

static void unmap(void)
{
	int inside = wunmap(FILE_AT + PAGE), file = wunmap(FILE_AT), again = wunmap(FILE_AT);

	lab_stop(7, 5, FILE_AT, PAGES, inside, file, again);
	wunmap(ANON);
}

/* Sixteen mappings at a time, again and again; they are removed in another order. */
static void use_many(void)
{
	uint32_t made = 0, refused = 0, removed = 0;

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MAX_WMMAP_INFO; i++)
			made += granted(MANY + i * 2 * PAGE, PAGE, ZEROS, -1);
		refused += !granted(WMAP_START, PAGE, ZEROS, -1);
		for (int i = 0; i < MAX_WMMAP_INFO; i++)
			removed += wunmap(MANY + i * 5 % MAX_WMMAP_INFO * 2 * PAGE) == SUCCESS;
	}
	lab_stop(8, 3, made, refused, removed);
}

/*
 * A file that is in memory, and of which three pages are mapped, the last one only in part, beside memory of which two are. A call
 * that mmap refuses leaves nothing in the table.
 */
static void ask(void)
{
	struct wmapinfo info;
	int fd = open("/tmp/wmap", O_RDWR), result;

	wmap(FILE_AT, FILE_LENGTH, SHARED, fd);
	wmap(ANON, PAGES * PAGE, ZEROS, -1);
	wmap(PLAIN, PAGE, SHARED, -1);
	load(FILE_AT);
	load(FILE_AT + 2 * PAGE);
	load(FILE_AT + 5 * PAGE);
	fill(ANON + PAGE, 1);
	fill(ANON + 6 * PAGE, 6);
	lab_stop(9, 5, ANON, PAGES, va2pa(ANON + PAGE), va2pa(ANON + 6 * PAGE + 0x123), va2pa(ANON + 2 * PAGE));
	memset(&info, 0x55, sizeof(info));
	result = getwmapinfo(&info);
	lab_stop(10, 10, FILE_AT, ANON, result, info.total_mmaps, info.addr[0], info.length[0], info.n_loaded_pages[0],
		 info.addr[1], info.length[1], info.n_loaded_pages[1]);
	lab_stop(11, 3, va2pa(0xC0100000), va2pa(0xFFFFFFFF), va2pa(0));
}

/* => as pages_loaded(), but a refusal is the negative errno */
static int loaded(unsigned int address, unsigned int length)
{
	int pages = pages_loaded(address, length);

	return pages < 0 ? -errno : pages;
}

/* Ranges that the kernel counts, and such as it refuses. */
static void ask_for_ranges(void)
{
	const unsigned int end = 0xC0000000; /* of user space */

	lab_stop(12, 9, ANON, PAGES, loaded(ANON, PAGES * PAGE), loaded(ANON, PAGE + 1), loaded(ANON, PAGE), loaded(ANON + 1, PAGE),
		 loaded(end, PAGE), loaded(end - PAGE, 2 * PAGE), loaded(end - PAGE, -PAGE));
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	use_memory();
	use_file();
	use_in_both();
	unmap();
	use_many();
	ask();
	ask_for_ranges();
	return 0;
}
