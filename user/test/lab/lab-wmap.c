/*
 * lab-wmap - the lab `wmap`: lazy mappings of memory and of a file, inherited by fork, and what the page table says about them.
 *
 * Pages are filled with words that follow from the run's word, so that nothing but this program can know them.
 */
#include "lab.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <wmap.h>

enum { ANON = 0x60010000, FILE_AT = 0x70000000, MANY = 0x78000000 };
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

/* => a bit for each call that is not refused, though it should be */
static uint32_t wrong_calls(void)
{
	return granted(ANON, PAGE, MAP_SHARED | MAP_ANONYMOUS, -1) << 0 |
	       granted(ANON, PAGE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1) << 1 |
	       granted(ANON + 1, PAGE, ZEROS, -1) << 2 |
	       granted(WMAP_START - PAGE, PAGE, ZEROS, -1) << 3 |
	       granted(WMAP_END, PAGE, ZEROS, -1) << 4 |
	       granted(WMAP_END - PAGE, 2 * PAGE, ZEROS, -1) << 5 |
	       granted(ANON, 0, ZEROS, -1) << 6 |
	       granted(ANON, -PAGE, ZEROS, -1) << 7 |
	       granted(ANON, PAGE, SHARED, -1) << 8;
}

/* The mapping of memory: nothing, then three pages. */
static void use_memory(void)
{
	uint32_t wrong = wrong_calls(), at = wmap(ANON, PAGES * PAGE, ZEROS, -1);

	wrong |= granted(ANON + (PAGES - 1) * PAGE, 2 * PAGE, ZEROS, -1) << 9;
	lab_stop(1, 4, ANON, PAGES, wrong, at);
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

/* A file that is in memory, and of which one page is mapped, beside memory of which two are. */
static void ask(void)
{
	struct wmapinfo info;
	int fd = open("/tmp/wmap", O_RDWR), result;

	wmap(FILE_AT, FILE_LENGTH, SHARED, fd);
	wmap(ANON, PAGES * PAGE, ZEROS, -1);
	load(FILE_AT + 2 * PAGE);
	fill(ANON + PAGE, 1);
	fill(ANON + 6 * PAGE, 6);
	lab_stop(9, 5, ANON, PAGES, va2pa(ANON + PAGE), va2pa(ANON + 6 * PAGE + 0x123), va2pa(ANON + 2 * PAGE));
	memset(&info, 0x55, sizeof(info));
	result = getwmapinfo(&info);
	lab_stop(10, 10, FILE_AT, ANON, result, info.total_mmaps, info.addr[0], info.length[0], info.n_loaded_pages[0],
		 info.addr[1], info.length[1], info.n_loaded_pages[1]);
	lab_stop(11, 3, va2pa(0xC0100000), va2pa(0xFFFFFFFF), va2pa(0));
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
	return 0;
}
