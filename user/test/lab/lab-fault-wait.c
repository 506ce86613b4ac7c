/*
 * lab-fault-wait - the lab `fault`: two faults on a page that is being read, and a fault that has to wait for a frame.
 *
 * Behind the first two stops the grader holds a request to a disk until all tasks sleep. What else the tasks need is locked, so
 * that they wait for nothing else.
 */
#include "lab.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

enum { TOUCHED = 6, KEPT = 8, MANY = 1000 };	/* pages of the file, whose places its inode has; pages of memory */

static int drop_caches, text;
static char *kept;

static char *map(int pages, int flags, int page)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags, flags & MAP_ANONYMOUS ? -1 : text, page * PAGE);

	if (p == MAP_FAILED)
		_exit(1);
	return p;
}

static void must(int good)
{
	if (!good)
		_exit(1);
}

static void sleep_ms(int ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000l }, NULL);
}

/* Ends with the sum of the bytes of the page at P. */
static void add_up(const char *p)
{
	uint8_t sum = 0;

	for (int i = 0; i < PAGE; i++)
		sum += *(volatile const uint8_t *)(p + i);
	_exit(sum);
}

static void load_touched(void)
{
	add_up(map(1, MAP_SHARED, TOUCHED));
}

static void store_in_touched(void)
{
	char *p = map(1, MAP_PRIVATE, TOUCHED);

	*(volatile char *)p = '!';
	add_up(p);
}

/* => the status of the task PID, which has ended, and how many of its faults have waited for a disk */
static int status_of(pid_t pid, uint32_t *major)
{
	struct rusage usage = { 0 };
	int status = -1;

	wait4(pid, &status, 0, &usage);
	*major = usage.ru_majflt;
	return status;
}

static void touch_at_once(void)
{
	uint32_t one_major, other_major;
	int one_status, other_status;
	pid_t one, other;

	lab_stop(1, 0);
	one = lab_child(load_touched);
	other = lab_child(store_in_touched);
	one_status = status_of(one, &one_major);
	other_status = status_of(other, &other_major);
	lab_stop(2, 4, one_status, other_status, one_major, other_major);
}

/* More than there are frames: while the disk does not take any page, this task waits. */
static void fill_memory(void)
{
	char *many;

	must(munmap(kept, PAGE) == 0 && mlockall(MCL_CURRENT) == 0);
	many = map(MANY, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	sleep_ms(20);
	for (int i = 0; i < MANY; i++)
		*(volatile int *)(many + i * PAGE) = i + 1;
}

static void store_in_kept(void)
{
	char *p;

	must(munmap(kept, PAGE) == 0 && mlockall(MCL_CURRENT) == 0);
	p = map(1, MAP_PRIVATE, KEPT);
	sleep_ms(150);
	*(volatile char *)p = '!';
	add_up(p);
}

/*
 * A page of the file is locked until one task waits for a frame to copy it. Then it is unmapped, and all pages of files are dropped
 * that are not in use.
 */
static void copy_when_memory_is_full(void)
{
	uint32_t major;
	pid_t filling, storing;
	int status;

	kept = map(1, MAP_SHARED, KEPT);
	must(mlock(kept, PAGE) == 0);
	filling = lab_child(fill_memory);
	storing = lab_child(store_in_kept);
	sleep_ms(250);
	must(munmap(kept, PAGE) == 0 && write(drop_caches, "1", 1) == 1);
	status = status_of(storing, &major);
	must(status_of(filling, &major) == 0);
	lab_stop(3, 1, status);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	text = open("/data/text.txt", O_RDWR);
	drop_caches = open("/proc/sys/vm/drop_caches", O_WRONLY);
	must(text >= 0 && drop_caches >= 0 && mlockall(MCL_CURRENT) == 0);
	touch_at_once();
	copy_when_memory_is_full();
	return 0;
}
