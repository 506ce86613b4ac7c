/*
 * lock-kill - a task that waits for its turn to write to a file and is killed just when its turn comes passes it on.
 *
 * A writer whose bytes must first come from the disk keeps two others waiting, and kills the first of them as soon as it
 * has written; the second must get its turn all the same.
 */
#include "file.h"

#include <sched.h>
#include <time.h>

enum { ROUNDS = 10, PAGES = 64, WAIT_MS = 5000 };

static volatile int *go;
static int out;

static void pause_ms(int ms)
{
	struct timespec t = { 0, ms * 1000000 };

	nanosleep(&t, NULL);
}

static pid_t start_writer(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		while (!*go)
			sched_yield();
		_exit(pwrite(out, "w", 1, 0) != 1);
	}
	CHECK(pid > 0);
	return pid;
}

/* Maps the file, with none of it in memory where caches can be dropped. */
static char *map_cold(void)
{
	int fd = open("lock-kill.cold", O_RDONLY);
	char *p;

	if (check_counter("fault_object") != PROC_ABSENT)
		CHECK_EQ(file_set("/proc/sys/vm/drop_caches", "1\n"), 0);
	CHECK(fd >= 0);
	p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(p != MAP_FAILED);
	close(fd);
	return p;
}

static void wait_for(pid_t pid)
{
	int status = -1;

	for (int ms = 0; waitpid(pid, &status, WNOHANG) == 0; ms++) {
		CHECK(ms < WAIT_MS);
		pause_ms(1);
	}
	CHECK_EQ(status, 0);
}

static void check_round(void)
{
	char *cold = map_cold();
	pid_t first, second;

	*go = 0;
	first = start_writer();
	second = start_writer();
	pause_ms(5);
	*go = 1;
	CHECK_EQ(pwrite(out, cold, PAGES * PAGE, 0), PAGES * PAGE);
	kill(first, SIGKILL);
	CHECK_EQ(waitpid(first, NULL, 0), first);
	wait_for(second);
	munmap(cold, PAGES * PAGE);
}

int main(void)
{
	static char page[PAGE];
	int fd = open("lock-kill.cold", O_RDWR | O_CREAT | O_TRUNC, 0644);

	go = (volatile int *)check_shared(1);
	out = open("lock-kill.out", O_RDWR | O_CREAT | O_TRUNC, 0644);
	CHECK(fd >= 0 && out >= 0);
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(write(fd, page, PAGE), PAGE);
	CHECK_EQ(fsync(fd), 0);
	close(fd);
	for (int round = 0; round < ROUNDS; round++)
		check_round();
	CHECK_EQ(unlink("lock-kill.cold"), 0);
	CHECK_EQ(unlink("lock-kill.out"), 0);
	return CHECK_OK();
}
