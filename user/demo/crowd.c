/*
 * crowd.c - three tasks of which two fit into memory, to be watched: `make view SCENARIO=thrash` runs it alone.
 *
 * Each task goes over its pages again and again, and rests after each round, as one does that waits for input. So the
 * processor has little to do while the three wait for pages that they take from each other, until the kernel swaps out one
 * of them as a whole. It uses neither printf nor malloc, so its code is one page.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MEMORY ((void *)0x100000) /* so that its pages are called 100, 101, ... */

enum { PAGE = 4096, PAGES = 24, TASKS = 3, ROUNDS = 150, REST_NS = 8000000 };

static void work(void)
{
	volatile char *memory = mmap(MEMORY, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (memory == MAP_FAILED)
		_exit(1);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < PAGES; i++)
			memory[i * PAGE] = (char)round;
		nanosleep(&(struct timespec){ 0, REST_NS }, NULL);
	}
	_exit(0);
}

int main(void)
{
	int status, failed = 0;

	for (int task = 0; task < TASKS; task++)
		if (fork() == 0)
			work();
	for (int task = 0; task < TASKS; task++)
		failed |= wait(&status) < 0 || status != 0;
	return failed;
}
