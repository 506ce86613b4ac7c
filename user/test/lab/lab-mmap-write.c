/*
 * lab-mmap-write - the lab `mmap`, its second part: what was stored in a file's pages comes to the disk, and nothing else.
 */
#include "lab-mmap.h"

#include <signal.h>

enum { PAGES = 11, HOLES = 6, MANY = 256, PLACE = 8, AGAIN = 16, INSIDE = 96, BEYOND = 100 };

static void save(char *p, int pages)
{
	if (msync(p, pages * PAGE, MS_SYNC))
		exit(1);
}

static void store_and_save(char *p)
{
	store(p, 2, PLACE);
	store(p, 3, PLACE);
	store(p, 4, PLACE);
	store(p, 8, PLACE);
	load(p, 6);
	lab_stop(1, 1, (uint32_t)p);
	save(p, PAGES);
	lab_stop(2, 1, (uint32_t)p);
	save(p, PAGES);
	lab_stop(3, 1, (uint32_t)p);
}

/* A page is dirty in the page table of another task, which still runs. */
static void child_stores(char *p)
{
	int done[2];
	char byte;
	pid_t pid;

	if (pipe(done))
		exit(1);
	pid = fork();
	if (pid == 0) {
		store(p, 4, AGAIN);
		if (write(done[1], "x", 1) == 1)
			pause();
		_exit(0);
	}
	if (read(done[0], &byte, 1) != 1)
		exit(1);
	store(p, 2, AGAIN);
	save(p, PAGES);
	lab_stop(4, 1, (uint32_t)p);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* write() makes a page dirty, too, and no entry says so. */
static void write_and_save(void)
{
	int fd = open("/data/file", O_WRONLY);
	uint32_t word = what(9);

	if (pwrite(fd, &word, sizeof(word), 9 * PAGE + PLACE) != sizeof(word) || fsync(fd))
		exit(1);
	close(fd);
	lab_stop(5, 0);
}

static void store_behind_the_end(char *p)
{
	store(p, PAGES - 1, INSIDE);
	store(p, PAGES - 1, BEYOND);
	save(p, PAGES);
	lab_stop(6, 1, (uint32_t)p);
}

/* The file is larger than the memory for pages: some are written before sync() is called. */
static void store_much(void)
{
	char *p = map_shared("/data/big", MANY);

	for (int i = 0; i < MANY; i++)
		store(p, i, PLACE);
	munmap(p, MANY * PAGE);
	sync();
	lab_stop(7, 0);
}

static void fill_a_hole(void)
{
	char *p = map_shared("/data/hole", HOLES);

	load(p, 1);
	store(p, 3, PLACE);
	save(p, HOLES);
	lab_stop(8, 1, (uint32_t)p);
}

int main(int argc, char **argv)
{
	char *p;

	lab_begin(argc, argv);
	/* What the mount has changed on the disk is not to be counted. */
	sync();
	p = map_shared("/data/file", PAGES);
	store_and_save(p);
	child_stores(p);
	write_and_save();
	store_behind_the_end(p);
	store_much();
	fill_a_hole();
	return 0;
}
