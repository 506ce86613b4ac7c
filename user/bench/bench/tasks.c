/*
 * tasks.c - the paths that take several tasks: fork, switches, pipes.
 */
#include "bench.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void fork_and_wait(void)
{
	pid_t pid = call(SYS_fork, 0, 0, 0);

	if (pid < 0)
		give_up("bench: fork");
	if (pid == 0)
		call(SYS_exit_group, 0, 0, 0);
	call(SYS_waitpid, pid, 0, 0);
}

uint64_t fork_bare(unsigned n)
{
	uint64_t begin = measure_begin();

	for (unsigned i = 0; i < n; i++)
		fork_and_wait();
	return measure_end() - begin;
}

/* => the additional cost of fork, exit and wait due to N resident pages */
uint64_t fork_pages(unsigned n)
{
	uint64_t bare = ticks(), begin, end;
	char *p;

	fork_and_wait();
	bare = ticks() - bare;
	p = map_pages(n, MAP_PRIVATE);
	store_each(p, n);
	begin = measure_begin();
	fork_and_wait();
	end = measure_end();
	unmap_pages(p, n);
	return end - begin > bare ? end - begin - bare : 0;
}

/* Two tasks yield to each other. A kernel may let one yield more often than the other, so the yields of both are counted. */
uint64_t yields(unsigned n)
{
	volatile unsigned *stop = (volatile unsigned *)map_pages(1, MAP_SHARED), *others = stop + 1;
	uint64_t begin, end;
	unsigned before, both;

	if (make_child() == 0) {
		for (; !*stop; ++*others)
			call(SYS_sched_yield, 0, 0, 0);
		_exit(0);
	}
	for (unsigned i = 0; i < 10; i++)
		call(SYS_sched_yield, 0, 0, 0);
	before = *others;
	begin = measure_begin();
	for (unsigned i = 0; i < n; i++)
		call(SYS_sched_yield, 0, 0, 0);
	end = measure_end();
	both = n + *others - before;
	*stop = 1;
	wait(NULL);
	unmap_pages((char *)stop, 1);
	return (end - begin) * 2 * n / both;
}

/* Sends back each byte, until the end of the pipe. */
static __attribute__((noreturn)) void echo(int from, int to)
{
	char byte;

	while (call(SYS_read, from, (long)&byte, 1) == 1)
		call(SYS_write, to, (long)&byte, 1);
	_exit(0);
}

/* Sends a byte to another task and back. */
uint64_t pipe_rounds(unsigned n)
{
	int there[2], back[2];
	uint64_t begin, end;
	char byte = 0;

	if (pipe(there) < 0 || pipe(back) < 0)
		give_up("bench: pipe");
	if (make_child() == 0) {
		close(there[1]);
		echo(there[0], back[1]);
	}
	call(SYS_write, there[1], (long)&byte, 1);
	call(SYS_read, back[0], (long)&byte, 1);
	begin = measure_begin();
	for (unsigned i = 0; i < n; i++) {
		call(SYS_write, there[1], (long)&byte, 1);
		call(SYS_read, back[0], (long)&byte, 1);
	}
	end = measure_end();
	close(there[0]), close(there[1]), close(back[0]), close(back[1]);
	wait(NULL);
	return end - begin;
}
