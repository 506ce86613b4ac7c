/*
 * lab-mmap-wait - the lab `mmap`, its third part: pages that are being read or written when they are touched.
 *
 * After some stops the grader holds a request to the disk until all tasks sleep. So whatever a task does to the page, it does it
 * while the page is on its way. The task that caused the request ends before the next stop.
 */
#include "lab-mmap.h"

#include <proc.h>

enum { PAGES = 11, LONGER = 8, LONGEST = 9, MANY = 128, PLACE = 8, AGAIN = 16 };
enum { COMMON = 4, BROKEN = 6, LEAVING = 9, FIRST = 1, SECOND = 2 };	/* pages of the file */

static char *file;

/* --- a page that is being read ---------------------------------------------------------------------------------- */

static void add_up_common(void)
{
	lab_add_up(file + COMMON * PAGE);
}

static void load_at_once(void)
{
	pid_t one, other;

	lab_stop(1, 0);
	one = lab_child(add_up_common);
	other = lab_child(add_up_common);
	lab_stop(2, 2, lab_wait(one), lab_wait(other));
}

static void load_broken(void)
{
	load(file, BROKEN);
}

/* Requests of the first program never fail, those of its children do. */
static void load_what_cannot_be_read(void)
{
	int status;

	lab_must(proc_write("/proc/sys/vm/fail", "disk:1"));
	status = lab_in_child(load_broken);
	lab_must(proc_write("/proc/sys/vm/fail", "off"));
	load(file, BROKEN);
	lab_stop(3, 2, (uint32_t)file, status);
}

/* --- a page that is being written ------------------------------------------------------------------------------- */

static void load_leaving(void)
{
	store(file, LEAVING, PLACE);
	lab_must(madvise(file + LEAVING * PAGE, PAGE, MADV_PAGEOUT) == 0);
	lab_add_up(file + LEAVING * PAGE);
}

static void load_what_leaves(void)
{
	load(file, LEAVING);
	lab_must(munmap(file, PAGES * PAGE) == 0);
	file = map_shared("/data/file", PAGES);
	lab_stop(4, 0);
	lab_stop(5, 1, lab_in_child(load_leaving));
}

static void save_second(void)
{
	store(file, SECOND, PLACE);
	lab_must(msync(file, PAGES * PAGE, MS_SYNC) == 0);
}

static void save_both(void)
{
	store(file, FIRST, PLACE);
	store(file, SECOND, AGAIN);
	lab_must(msync(file, PAGES * PAGE, MS_SYNC) == 0);
}

/* LATER begins when what BODY writes is under way. */
static void one_after_the_other(void (*body)(void), void (*later)(void))
{
	pid_t one = lab_child(body), other;

	lab_sleep(20);
	other = lab_child(later);
	lab_must(lab_wait(one) == 0 && lab_wait(other) == 0);
}

static void lengthen(int pages)
{
	int fd = open("/data/hole", O_RDWR);

	lab_must(fd >= 0 && ftruncate(fd, pages * PAGE) == 0 && fsync(fd) == 0);
}

static void save_longer(void)
{
	lengthen(LONGER);
}

static void save_longest(void)
{
	lengthen(LONGEST);
}

/* A file's length is in the page of its inode, which is the file system's own. */
static void save_lengths(void)
{
	sync();
	lab_stop(8, 0);
	one_after_the_other(save_longer, save_longest);
	lab_stop(9, 0);
}

/* More requests than the kernel has. */
static void save_every_second_page(void)
{
	char *big = map_shared("/data/big", MANY);

	for (int i = 0; i < MANY; i += 2)
		store(big, i, PLACE);
	lab_must(msync(big, MANY * PAGE, MS_SYNC) == 0);
	lab_stop(10, 0);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	lab_must(mlockall(MCL_CURRENT) == 0);
	sync();
	file = map_shared("/data/file", PAGES);
	load_at_once();
	load_what_cannot_be_read();
	load_what_leaves();
	load(file, FIRST);
	load(file, SECOND);
	sync();
	lab_stop(6, 0);
	one_after_the_other(save_second, save_both);
	lab_stop(7, 0);
	save_lengths();
	save_every_second_page();
	return 0;
}
