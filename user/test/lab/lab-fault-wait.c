/*
 * lab-fault-wait - the lab `fault`: two faults on a page that is being read.
 *
 * Behind the first stop the grader holds the request to the disk until all tasks sleep. What else the tasks need is locked, so that
 * they wait for nothing else.
 */
#include "lab.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { TOUCHED = 6 };	/* a page of the file whose block number is in the inode itself */

static int text;

static char *map_touched(int flags)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, flags, text, TOUCHED * PAGE);

	lab_must(p != MAP_FAILED);
	return p;
}

static void load_touched(void)
{
	lab_add_up(map_touched(MAP_SHARED));
}

static void store_in_touched(void)
{
	char *p = map_touched(MAP_PRIVATE);

	*(volatile char *)p = '!';
	lab_add_up(p);
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

int main(int argc, char **argv)
{
	uint32_t one_major, other_major;
	int one_status, other_status;
	pid_t one, other;

	lab_begin(argc, argv);
	text = open("/data/text.txt", O_RDWR);
	lab_must(text >= 0 && mlockall(MCL_CURRENT) == 0);
	lab_stop(1, 0);
	one = lab_child(load_touched);
	other = lab_child(store_in_touched);
	one_status = status_of(one, &one_major);
	other_status = status_of(other, &other_major);
	lab_stop(2, 4, one_status, other_status, one_major, other_major);
	return 0;
}
