/*
 * lab-mmap-read - the lab `mmap`, its first part: a page of a file comes into memory when it is touched. The disk is read-only.
 */
#include "lab-mmap.h"

enum { PAGES = 12, FIRST = 3, SECOND = 7, THIRD = 5, LAST = 10, HOLE = 2 };

static char *map(const char *name, int prot, int flags)
{
	int fd = open(name, O_RDONLY);
	char *p = mmap(NULL, PAGES * PAGE, prot, flags, fd, 0);

	close(fd);
	if (p == MAP_FAILED)
		exit(1);
	return p;
}

static const char *shared, *hole;

/* A mapping that is not inherited. */
static void map_again(void)
{
	const char *own = map("/data/file", PROT_READ, MAP_SHARED);

	load(own, FIRST);
	load(own, SECOND);
	lab_stop(4, 2, (uint32_t)shared, (uint32_t)own);
}

static void go_too_far(void)
{
	load(shared, LAST + 1);
}

int main(int argc, char **argv)
{
	char *private;
	int status;

	lab_begin(argc, argv);
	/* So that the disk is not read for the program itself later. */
	if (mlockall(MCL_CURRENT))
		exit(1);
	shared = map("/data/file", PROT_READ, MAP_SHARED);
	hole = map("/data/hole", PROT_READ, MAP_SHARED);
	lab_stop(1, 1, (uint32_t)shared);
	load(shared, FIRST);
	load(shared, SECOND);
	lab_stop(2, 1, (uint32_t)shared);
	private = map("/data/file", PROT_READ | PROT_WRITE, MAP_PRIVATE);
	load(private, SECOND);
	private[FIRST * PAGE] ^= 1;
	private[THIRD * PAGE] ^= 1;
	lab_stop(3, 2, (uint32_t)shared, (uint32_t)private);
	lab_in_child(map_again);
	load(shared, LAST);
	status = lab_in_child(go_too_far);
	lab_stop(5, 2, (uint32_t)shared, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	load(hole, HOLE);
	lab_stop(6, 1, (uint32_t)hole);
	return 0;
}
