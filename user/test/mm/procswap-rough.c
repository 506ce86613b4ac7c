/*
 * procswap-rough - what swapping whole tasks meets seldom: an object that a task maps at two places, a shared page that is removed
 * while the task is out, and tasks that die on their way out or in.
 */
#include "procswap.h"
#include "sysv-shm.h"

#include <signal.h>
#include <time.h>

enum { PAGES = 40, LARGE = 700, ROUNDS = 30 };

static int to_child[2], to_parent[2];

static void say(int *ends)
{
	CHECK_EQ(write(ends[1], "", 1), 1);
}

static void hear(int *ends)
{
	char c;

	CHECK_EQ(read(ends[0], &c, 1), 1);
}

static void move(pid_t pid, const char *order)
{
	int error = procswap_order(pid, order);

	CHECK(!error || error == ENOENT || error == ESRCH || error == EINTR);
}

/* The pages at A and B are the same. */
static void check_both(const char *a, const char *b, int first)
{
	for (int i = 0; i < PAGES; i++) {
		CHECK_EQ(a[i * PAGE], (char)(first + i));
		CHECK_EQ(b[i * PAGE], (char)(first + i));
	}
}

/* A and B are two mappings of one object, which a child has while it is taken out and brought back, again and again. */
static void out_and_in(char *a, char *b)
{
	pid_t pid;

	for (int i = 0; i < PAGES; i++)
		a[i * PAGE] = (char)i;
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		check_both(a, b, 0);
		say(to_parent);
		hear(to_child);
		check_both(a, b, 1);
		_exit(0);
	}
	hear(to_parent);
	munmap(a, PAGES * PAGE); /* only the child has them then */
	for (int round = 0; round < 3; round++) {
		move(pid, "out");
		move(pid, "in");
	}
	for (int i = 0; i < PAGES; i++)
		b[i * PAGE] = (char)(1 + i);
	say(to_child);
	CHECK_EQ(check_wait(pid), 0);
	munmap(b, PAGES * PAGE);
}

static void test_file_twice(void)
{
	int fd = open("procswap-rough.file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *a, *b;

	CHECK_EQ(ftruncate(fd, PAGES * PAGE), 0);
	a = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	b = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(a != MAP_FAILED && b != MAP_FAILED);
	out_and_in(a, b);
	close(fd);
	unlink("procswap-rough.file");
}

static void test_segment_twice(void)
{
	int id = make(PAGES);
	char *a = (char *)shmat(id, NULL, 0), *b = (char *)shmat(id, NULL, 0);

	CHECK(a != MAP_FAILED && b != MAP_FAILED);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	out_and_in(a, b);
}

/* The task that is out has the pages locked; they are gone when it comes back. */
static void test_removed_while_out(void)
{
	char *shared = check_shared(4);
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK_EQ(mlock(shared, 4 * PAGE), 0);
		shared[0] = shared[3 * PAGE] = 7;
		say(to_parent);
		hear(to_child);
		CHECK_EQ(shared[0], 9);
		CHECK_EQ(shared[3 * PAGE], 0);
		_exit(0);
	}
	hear(to_parent);
	move(pid, "out");
	CHECK_EQ(madvise(shared, 4 * PAGE, MADV_REMOVE), 0);
	shared[0] = 9;
	move(pid, "in");
	say(to_child);
	CHECK_EQ(check_wait(pid), 0);
	munmap(shared, 4 * PAGE);
}

/* Another task gives the order, and this one kills the task meanwhile. */
static void die_on_the_way(int round)
{
	const struct timespec moment = { .tv_nsec = 500000 + round * 300000 };
	pid_t pid = fork(), giver;

	CHECK(pid >= 0);
	if (pid == 0) {
		memset(check_private(LARGE), 1, LARGE * PAGE);
		say(to_parent);
		hear(to_child); /* for ever */
	}
	hear(to_parent);
	if (round % 2)
		move(pid, "out");
	giver = fork();
	CHECK(giver >= 0);
	if (giver == 0) {
		procswap_order(pid, round % 2 ? "in" : "out");
		_exit(0);
	}
	nanosleep(&moment, NULL);
	kill(pid, SIGKILL);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
	CHECK_EQ(check_wait(giver), 0);
}

int main(void)
{
	CHECK(pipe(to_child) == 0 && pipe(to_parent) == 0);
	test_file_twice();
	test_segment_twice();
	test_removed_while_out();
	for (int round = 0; round < ROUNDS; round++)
		die_on_the_way(round);
	return CHECK_OK();
}
