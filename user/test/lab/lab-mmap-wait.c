/*
 * lab-mmap-wait - the lab `mmap`, its third part: pages that are being read or written when they are touched.
 *
 * Behind some stops the grader holds a request to the disk until all tasks sleep. So whatever a task does to the page, it does it
 * while the page is on its way. The task whose request it is ends before the next stop.
 */
#include "lab.h"

#include <fcntl.h>
#include <proc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { PAGES = 11, LONGER = 8, LONGEST = 9, MANY = 128, PLACE = 8, AGAIN = 16 };
enum { COMMON = 4, BROKEN = 6, LEAVING = 9, FIRST = 1, SECOND = 2 };	/* pages of the file */

static char *file;

static char *map(const char *name, int pages)
{
	int fd = open(name, O_RDWR);
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	close(fd);
	if (p == MAP_FAILED)
		exit(1);
	return p;
}

static void must(int good)
{
	if (!good)
		_exit(1);
}

static void store(char *p, int page, int place)
{
	*(volatile uint32_t *)(p + page * PAGE + place) = lab_report.word ^ (page + 1);
}

static void load(int page)
{
	(void)*(volatile const char *)(file + page * PAGE);
}

static void sleep_ms(int ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000l }, NULL);
}

/* => the status of the task PID, which has ended */
static int status_of(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return status;
}

/* Ends with the sum of the bytes of a page. */
static void add_up(int page)
{
	uint8_t sum = 0;

	for (int i = 0; i < PAGE; i++)
		sum += ((volatile uint8_t *)file)[page * PAGE + i];
	_exit(sum);
}

/* --- a page that is being read ---------------------------------------------------------------------------------- */

static void add_up_common(void)
{
	add_up(COMMON);
}

static void load_at_once(void)
{
	pid_t one, other;

	lab_stop(1, 0);
	one = lab_child(add_up_common);
	other = lab_child(add_up_common);
	lab_stop(2, 2, status_of(one), status_of(other));
}

static void load_broken(void)
{
	load(BROKEN);
}

/* Requests of the first program never fail, those of its children do. */
static void load_what_cannot_be_read(void)
{
	int status;

	must(proc_write("/proc/sys/vm/fail", "disk:1"));
	status = lab_in_child(load_broken);
	must(proc_write("/proc/sys/vm/fail", "off"));
	load(BROKEN);
	lab_stop(3, 2, (uint32_t)file, status);
}

/* --- a page that is being written ------------------------------------------------------------------------------- */

static void load_leaving(void)
{
	store(file, LEAVING, PLACE);
	must(madvise(file + LEAVING * PAGE, PAGE, MADV_PAGEOUT) == 0);
	add_up(LEAVING);
}

static void load_what_leaves(void)
{
	load(LEAVING);
	must(munmap(file, PAGES * PAGE) == 0);
	file = map("/data/file", PAGES);
	lab_stop(4, 0);
	lab_stop(5, 1, lab_in_child(load_leaving));
}

static void save_second(void)
{
	store(file, SECOND, PLACE);
	must(msync(file, PAGES * PAGE, MS_SYNC) == 0);
}

static void save_both(void)
{
	store(file, FIRST, PLACE);
	store(file, SECOND, AGAIN);
	must(msync(file, PAGES * PAGE, MS_SYNC) == 0);
}

/* LATER begins when what BODY writes is under way. */
static void one_after_the_other(void (*body)(void), void (*later)(void))
{
	pid_t one = lab_child(body), other;

	sleep_ms(20);
	other = lab_child(later);
	must(status_of(one) == 0 && status_of(other) == 0);
}

static void lengthen(int pages)
{
	int fd = open("/data/hole", O_RDWR);

	must(fd >= 0 && ftruncate(fd, pages * PAGE) == 0 && fsync(fd) == 0);
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
	char *big = map("/data/big", MANY);

	for (int i = 0; i < MANY; i += 2)
		store(big, i, PLACE);
	must(msync(big, MANY * PAGE, MS_SYNC) == 0);
	lab_stop(10, 0);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	must(mlockall(MCL_CURRENT) == 0);
	sync();
	file = map("/data/file", PAGES);
	load_at_once();
	load_what_cannot_be_read();
	load_what_leaves();
	load(FIRST);
	load(SECOND);
	sync();
	lab_stop(6, 0);
	one_after_the_other(save_second, save_both);
	lab_stop(7, 0);
	save_lengths();
	save_every_second_page();
	return 0;
}
