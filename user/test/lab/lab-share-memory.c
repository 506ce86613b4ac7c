/*
 * lab-share-memory - the lab `share`, its first part: tasks that have the same pages.
 *
 * Parent and child take turns, by pipes. A page is filled with the run's word and a number, or holds one word of that kind.
 */
#include "lab.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/syscall.h>

enum { PAGES = 8, LOCKED = 2, FILLED = 4, STORED = 1, CHILDS = 5, HOLE = 1, HOLES = 2, OTHERS = 300, ROUNDS = 20, ROUND = 96 };

enum { SHMGET = 395, SHMCTL, SHMAT, SHMDT, SHM_LOCK = 11 };

static const char name[] = "/lab-share";
static char *shared;
static int to_child[2], to_parent[2];

static uint32_t what(uint32_t number)
{
	return lab_report.word ^ (number + 1);
}

static void store(char *p, int page, uint32_t number)
{
	*(volatile uint32_t *)(p + page * PAGE) = what(number);
}

static void load(const char *p, int page)
{
	(void)*(volatile const char *)(p + page * PAGE);
}

static void fill(char *p, int page)
{
	for (int i = 0; i < PAGE; i += 4)
		*(volatile uint32_t *)(p + page * PAGE + i) = what(page);
}

static char *map(int pages, int flags, int fd)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		exit(1);
	return p;
}

/* By its name, as a task does that has inherited nothing. */
static char *map_name(void)
{
	int fd = shm_open(name, O_RDWR | O_CREAT, 0600);
	char *p;

	if (fd < 0 || ftruncate(fd, PAGE))
		exit(1);
	p = map(1, MAP_SHARED, fd);
	close(fd);
	return p;
}

static void tell(int pipe[2])
{
	if (write(pipe[1], "x", 1) != 1)
		_exit(1);
}

static void wait_for(int pipe[2])
{
	char byte;

	if (read(pipe[0], &byte, 1) != 1)
		_exit(1);
}

static void child(void)
{
	char *named;

	for (int i = 0; i < FILLED; i++)
		load(shared, i);
	store(shared, STORED, STORED + PAGES);
	fill(shared, CHILDS);
	lab_stop(2, 1, (uint32_t)shared);
	tell(to_parent);
	wait_for(to_child);
	for (int i = 0; i < HOLES; i++)
		load(shared, HOLE + i);
	lab_stop(5, 1, (uint32_t)shared);
	tell(to_parent);
	wait_for(to_child);
	named = map_name();
	load(named, 0);
	lab_stop(7, 1, (uint32_t)named);
	tell(to_parent);
	wait_for(to_child);
	load(shared, 0);
	load(shared, CHILDS);
	lab_stop(10, 1, (uint32_t)shared);
	tell(to_parent);
	_exit(0);
}

/* Both have the pages; then a hole is made in the object. */
static void share(void)
{
	wait_for(to_parent);
	load(shared, STORED);
	load(shared, CHILDS);
	lab_stop(3, 1, (uint32_t)shared);
	if (madvise(shared + HOLE * PAGE, HOLES * PAGE, MADV_REMOVE))
		exit(1);
	lab_stop(4, 1, (uint32_t)shared);
	load(shared, HOLE);
	store(shared, HOLE + 1, PAGES);
	tell(to_child);
	wait_for(to_parent);
}

static void share_by_name(void)
{
	char *named = map_name();

	fill(named, 0);
	lab_stop(6, 1, (uint32_t)named);
	tell(to_child);
	wait_for(to_parent);
	munmap(named, PAGE);
	shm_unlink(name);
}

/* => shared memory that was locked before it had a page; it is filled */
static char *make_locked(void)
{
	int id = syscall(SHMGET, IPC_PRIVATE, LOCKED * PAGE, 0600);
	char *p = (char *)syscall(SHMAT, id, NULL, 0);

	if (p == MAP_FAILED || syscall(SHMCTL, id, SHM_LOCK, NULL) || syscall(SHMCTL, id, IPC_RMID, NULL))
		exit(1);
	for (int i = 0; i < LOCKED; i++)
		fill(p, i);
	return p;
}

/* More pages than there are frames for: the shared ones, which nobody uses, go to swap, but for those that are locked. */
static void go_through_swap(void)
{
	char *others = map(OTHERS, MAP_PRIVATE | MAP_ANONYMOUS, -1), *locked = make_locked();

	for (int round = 0; round < 3; round++)
		for (int i = 0; i < OTHERS; i++)
			store(others, i, i);
	lab_stop(8, 2, (uint32_t)shared, (uint32_t)locked);
	lab_must(syscall(SHMDT, locked) == 0);
	munmap(others, OTHERS * PAGE);
	load(shared, 0);
	load(shared, CHILDS);
	lab_stop(9, 1, (uint32_t)shared);
	tell(to_child);
	wait_for(to_parent);
}

/* Without swap: if the pages of one round are not given back, there are none for those that follow. */
static void give_back(void)
{
	if (swapoff("/dev/hdb") && swapoff("/dev/vdb"))
		exit(1);
	for (int round = 0; round < ROUNDS; round++) {
		char *p = map(ROUND, MAP_SHARED | MAP_ANONYMOUS, -1);

		for (int i = 0; i < ROUND; i++)
			store(p, i, i);
		munmap(p, ROUND * PAGE);
	}
	lab_stop(11, 1, (uint32_t)shared);
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	if (pipe(to_child) || pipe(to_parent))
		exit(1);
	shared = map(PAGES, MAP_SHARED | MAP_ANONYMOUS, -1);
	for (int i = 0; i < FILLED; i++)
		fill(shared, i);
	lab_stop(1, 1, (uint32_t)shared);
	if (fork() == 0)
		child();
	share();
	share_by_name();
	go_through_swap();
	wait(NULL);
	give_back();
	return 0;
}
