/*
 * fsstress - tasks that open, read, write, map, truncate, list and close at random, concurrently,
 * while their children are killed in the middle of a pipe.
 *
 * Each has a file in /dev/shm, with or without a name, and a shadow of it in memory: each operation
 * is done to both. All operations follow from a seed.
 */
#include "check.h"

#include <dirent.h>
#include <sched.h>
#include <sys/stat.h>

enum { TASKS = 4, ROUNDS = 300, SIZE = 60000, READ_AT_MOST = 300000 };

static uint32_t seed;
static char shadow[SIZE], buf[SIZE];
static int size;			/* of the own file */

static uint32_t pick(uint32_t n)
{
	return check_random(&seed) % n;
}

/* Whatever is in the file, and whether or not it is there. */
static void read_all(const char *path)
{
	int fd = open(path, O_RDONLY), n, total = 0;

	if (fd < 0)
		return;
	while (total < READ_AT_MOST && (n = read(fd, buf, 1 + pick(9000))) > 0)
		total += n;
	close(fd);
}

static void read_pagemap(const char *path)
{
	uint64_t words[512];
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return;
	proc_pagemap(fd, 0x08048000, words, 512);
	proc_pagemap(fd, 0xBFFF0000, words, 16);
	close(fd);
}

/* A task of which only the pid is known; it may end at any moment. */
static void look_at_task(const char *pid)
{
	static const char *const files[] = { "maps", "status", "stat", "statm", "cmdline" };
	char path[300];

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, files[pick(5)]);
	read_all(path);
	snprintf(path, sizeof(path), "/proc/%s/pagemap", pid);
	read_pagemap(path);
}

static void list(const char *path)
{
	bool tasks = strcmp(path, "/proc") == 0;
	DIR *d = opendir(path);
	char name[300];
	struct dirent *e;
	struct stat st;

	while (d && (e = readdir(d))) {
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		stat(name, &st);
		if (tasks && e->d_name[0] >= '1' && e->d_name[0] <= '9' && pick(4) == 0)
			look_at_task(e->d_name);
	}
	if (d)
		closedir(d);
}

static void write_piece(int fd, int at, int n)
{
	for (int i = 0; i < n; i++)
		shadow[at + i] = pick(256);
	CHECK_EQ(lseek(fd, at, SEEK_SET), at);
	CHECK_EQ(write(fd, shadow + at, n), n);
	if (at + n > size)
		size = at + n;
}

static void read_piece(int fd, int at, int n)
{
	int got;

	CHECK_EQ(lseek(fd, at, SEEK_SET), at);
	got = read(fd, buf, n);
	CHECK_EQ(got, at >= size ? 0 : at + n > size ? size - at : n);
	CHECK(memcmp(buf, shadow + at, got) == 0);
}

static void cut(int fd, int at)
{
	CHECK_EQ(ftruncate(fd, at), 0);
	if (at < size)
		memset(shadow + at, 0, SIZE - at);
	size = at;
}

static void store(int fd, int at)
{
	char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(p != MAP_FAILED);
	if (at < size) {
		CHECK_EQ(p[at], shadow[at]);
		p[at] = shadow[at] = pick(256);
	}
	CHECK_EQ(munmap(p, SIZE), 0);
}

static void own_file(int fd)
{
	int at = pick(SIZE - 1), n = 1 + pick(SIZE - at);

	switch (pick(5)) {
	case 0:
		write_piece(fd, at, n);
		break;
	case 1:
		read_piece(fd, at, n);
		break;
	case 2:
		cut(fd, at);
		break;
	default:
		store(fd, at);
	}
}

/* The child may be killed while it writes: the bytes received until then are right. */
static void through_pipe(void)
{
	int fd[2], n = 1 + pick(SIZE - 1), got = 0, r;
	bool murder = pick(5) == 0;
	pid_t pid;

	CHECK_EQ(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		_exit(write(fd[1], shadow, n) != n);
	}
	close(fd[1]);
	if (pid > 0 && murder)
		kill(pid, SIGKILL);
	while ((r = read(fd[0], buf + got, SIZE - got)) > 0)
		got += r;
	CHECK_EQ(r, 0);
	CHECK(pid < 0 || murder || got == n);
	CHECK(memcmp(buf, shadow, got) == 0);
	close(fd[0]);
	if (pid > 0)
		CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

static void step(int fd)
{
	static const char *const folders[] = {
		"/", "/proc", "/dev", "/dev/shm", "/bin", "/test", "/data",
	};
	static const char *const files[] = {
		"/bin/sh", "/bin/ls", "/proc/meminfo", "/proc/vmstat", "/proc/self/maps",
		"/data/text.txt", "/test/fsstress",
	};

	switch (pick(8)) {
	case 0:
		list(folders[pick(7)]);
		break;
	case 1:
	case 2:
		read_all(files[pick(7)]);
		break;
	case 3:
		through_pipe();
		break;
	case 4:
		sched_yield();
		break;
	default:
		own_file(fd);
	}
}

static void task(int which)
{
	char name[40];
	int fd;

	seed = 77 + which;
	snprintf(name, sizeof(name), "/dev/shm/stress-%d", which);
	fd = open(name, O_CREAT | O_RDWR | O_TRUNC, 0600);
	CHECK(fd >= 0);
	if (which & 1)
		CHECK_EQ(unlink(name), 0);
	for (int i = 0; i < ROUNDS; i++)
		step(fd);
	if (!(which & 1))
		CHECK_EQ(unlink(name), 0);
	_exit(0);
}

int main(void)
{
	int status;

	for (int i = 0; i < TASKS; i++)
		if (fork() == 0)
			task(i);
	for (int i = 0; i < TASKS; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	return CHECK_OK();
}
