/*
 * lab-fault - the lab `fault`: a page is made when it is first touched, of zeros or from a file, and no other page is.
 * What a wrong kernel may not survive comes last.
 */
#include "lab.h"

#include <fcntl.h>
#include <proc.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define TEXT "/data/text.txt"
#define SPARSE "/data/sparse"

enum { PAGES = 8, FILE_PAGES = 64, CHILDREN = 30 };
enum { NEW = 2, LOADED = 3, STORED = 6, BLANK = 4, COMMON = 1, AROUND = 40, NEXT = 56, AMONG = 59, BEYOND = 7 };

static char *zeros, *private, *shared, *common, *sparse, *own;

static char *map(int pages, int flags, const char *file)
{
	int fd = file ? open(file, O_RDWR) : -1;
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags | (file ? 0 : MAP_ANONYMOUS), fd, 0);

	if (p == MAP_FAILED)
		exit(1);
	if (file)
		close(fd);
	return p;
}

static void load(const char *p, int page)
{
	(void)*(volatile const char *)(p + page * PAGE);
}

static void store(char *p, int page, char c)
{
	*(volatile char *)(p + page * PAGE) = c;
}

static void stop(uint32_t number)
{
	struct stat text = { 0 };

	stat(TEXT, &text);
	lab_stop(number, 5, (uint32_t)zeros, (uint32_t)private, (uint32_t)shared, (uint32_t)common, (uint32_t)text.st_mtime);
}

static void store_in_common(void)
{
	load(common, 0);
	store(common, COMMON, 'c');
	stop(6);
}

/* Nothing is traced meanwhile, since every fault is to be seen in a trace. */
static void load_among_neighbours(void)
{
	proc_write("/proc/sys/vm/trace", "off");
	load(common, COMMON);
	load(shared, AROUND);
	load(private, NEXT);
	store(shared, AMONG, 'a');
	stop(7);
	proc_write("/proc/sys/vm/trace", "fault,map");
}

static void touch_new_pages(void)
{
	char *p = map(PAGES, MAP_PRIVATE, NULL), *file = map(PAGES, MAP_PRIVATE, TEXT);

	for (int i = 0; i < PAGES; i++) {
		load(p, i);
		store(p, i, '?');
		store(file, i, '?');
	}
}

static uint32_t blocks(void)
{
	struct stat file = { 0 };

	stat(SPARSE, &file);
	return file.st_blocks;
}

/* Only a store that reaches the file gives it a block. */
static void touch_holes(void)
{
	int fd = open(SPARSE, O_RDWR | O_CREAT | O_TRUNC, 0600);
	uint32_t before;

	if (fd < 0 || ftruncate(fd, BEYOND * PAGE) < 0)
		exit(1);
	close(fd);
	sparse = map(PAGES, MAP_SHARED, SPARSE);
	own = map(PAGES, MAP_PRIVATE, SPARSE);
	load(sparse, 0);
	store(own, 1, 'p');
	before = blocks();
	store(sparse, 2, 's');
	lab_stop(9, 4, (uint32_t)sparse, (uint32_t)own, before, blocks());
}

static void load_beyond(void)
{
	load(sparse, BEYOND);
}

static void store_beyond(void)
{
	store(own, BEYOND, '!');
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	zeros = map(PAGES, MAP_PRIVATE, NULL);
	private = map(FILE_PAGES, MAP_PRIVATE, TEXT);
	shared = map(FILE_PAGES, MAP_SHARED, TEXT);
	common = map(PAGES, MAP_SHARED, NULL);
	store(zeros, NEW, 'z');
	stop(1);
	load(private, LOADED);
	load(shared, LOADED);
	stop(2);
	store(private, LOADED, '!');
	store(private, STORED, '!');
	load(shared, STORED);
	stop(3);
	for (int i = 0; i <= BLANK; i++)
		load(zeros, i);
	store(zeros, BLANK, 'b');
	stop(4);
	store(shared, STORED, 's');
	stop(5);
	lab_in_child(store_in_common);
	load_among_neighbours();
	for (int i = 0; i < CHILDREN; i++)
		lab_in_child(touch_new_pages);
	stop(8);
	touch_holes();
	lab_stop(10, 2, lab_in_child(load_beyond), lab_in_child(store_beyond));
	madvise(zeros, PAGES * PAGE, MADV_POPULATE_READ);
	stop(11);
	return 0;
}
