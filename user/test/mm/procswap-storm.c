/*
 * procswap-storm - tasks work on pages of every kind and check all they read; meanwhile they are swapped out as a whole
 * and brought back, one after the other, at any moment, over and over: procswap-storm [ROUNDS [TASKS [PAGES]]].
 */
#include "procswap.h"

#include <sched.h>

enum { SHARED = 24, FILED = 24 };

static size_t pages = 120;
static volatile int *stop;
static uint32_t *shared;

struct part {
	uint32_t *memory, *wanted;
	size_t pages;
};

static void visit(struct part *p, uint32_t *seed)
{
	size_t page = check_random(seed) % p->pages;
	uint32_t *word = p->memory + page * (PAGE / 4) + page % 1000;

	if (p->wanted[page])
		CHECK_EQ(*word, p->wanted[page]);
	if (check_random(seed) % 2)
		*word = p->wanted[page] = check_random(seed);
}

static struct part make(uint32_t *memory, size_t n)
{
	return (struct part){ memory, calloc(n, sizeof(uint32_t)), n };
}

static uint32_t *map_file(uint32_t number)
{
	char name[] = "procswap-storm.0";
	void *p;
	int fd;

	name[sizeof(name) - 2] += number;
	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, FILED * PAGE), 0);
	p = mmap(NULL, FILED * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	close(fd);
	unlink(name);
	return p;
}

/* A short-lived child that shares everything by copy-on-write. */
static void have_a_child(struct part *p, uint32_t *seed)
{
	pid_t pid = fork();

	if (pid < 0)
		return;
	for (int i = 0; i < 50; i++)
		visit(p, seed);
	if (pid == 0)
		_exit(0);
	CHECK_EQ(check_wait(pid), 0);
}

static void work(uint32_t number)
{
	uint32_t seed = number * 77 + 1, *mine = (void *)check_private(pages), *locked = (void *)check_private(4);
	struct part parts[] = { make(mine, pages), make(locked, 4), make(map_file(number), FILED),
				make(shared + number * SHARED * (PAGE / 4), SHARED) };

	CHECK_EQ(mlock(locked, 4 * PAGE), 0);
	while (!*stop) {
		uint32_t what = check_random(&seed) % 400;

		visit(&parts[check_random(&seed) % 4], &seed);
		if (what == 0)
			have_a_child(&parts[0], &seed);
		else if (what < 10)
			sched_yield();
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 40, tasks = argc > 2 ? atoi(argv[2]) : 3;
	pid_t pids[8];
	uint32_t seed = 5;

	pages = argc > 3 ? (size_t)atoi(argv[3]) : pages;
	CHECK(tasks <= 8);
	stop = (void *)check_shared(1);
	shared = (void *)check_shared(tasks * SHARED);
	for (int i = 0; i < tasks; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			work(i);
			_exit(0);
		}
		CHECK(pids[i] > 0);
	}
	for (int i = 0; i < rounds; i++) {
		pid_t pid = pids[check_random(&seed) % tasks];
		int error = procswap_order(pid, check_random(&seed) % 2 ? "out" : "in");

		CHECK(!error || error == ENOENT || error == EBUSY || error == ENOMEM);
		sched_yield();
	}
	*stop = 1;
	for (int i = 0; i < tasks; i++) {
		procswap_order(pids[i], "in");
		CHECK_EQ(check_wait(pids[i]), 0);
	}
	return CHECK_OK();
}
