/*
 * size.c - the capacity of a pipe: queried, changed, and bounded for all pipes together.
 */
#include "pipe.h"

#include <sys/ioctl.h>

enum { SET_SIZE = 1031, GET_SIZE = 1032, USUAL = 16 * PAGE, MOST = 1 << 20 };

static long size_of(int fd)
{
	return syscall(SYS_fcntl64, fd, GET_SIZE, 0);
}

static long set_size(int fd, unsigned bytes)
{
	return syscall(SYS_fcntl64, fd, SET_SIZE, bytes);
}

static int inside(int fd)
{
	int n = -1;

	CHECK_EQ(ioctl(fd, FIONREAD, &n), 0);
	return n;
}

/* The contents stay in order, wherever the ring begins; a size that is too small for them is refused. */
void sizes(void)
{
	static char page[PAGE];
	int fd[2], file = open("/proc/self/exe", O_RDONLY);

	CHECK_EQ(syscall(SYS_pipe2, fd, O_NONBLOCK), 0);
	CHECK_EQ(size_of(fd[0]), USUAL);
	CHECK_ERROR(size_of(file), EBADF);
	CHECK_ERROR(set_size(file, PAGE), EBADF);
	CHECK_ERROR(set_size(fd[0], (1u << 31) + 1), EINVAL);
	CHECK_EQ(set_size(fd[0], 0), PAGE);
	CHECK_EQ(set_size(fd[1], 2 * PAGE + 1), 4 * PAGE);
	CHECK_EQ(size_of(fd[0]), 4 * PAGE);
	CHECK_EQ(inside(fd[0]), 0);
	for (int i = 0; i < 7; i++) {
		memset(page, 'a' + i, PAGE);
		CHECK_EQ(write(fd[1], page, PAGE), PAGE);
		if (i < 3)
			CHECK_EQ(read(fd[0], page, PAGE), PAGE);
	}
	CHECK_ERROR(write(fd[1], page, 1), EAGAIN);
	CHECK_EQ(inside(fd[0]), 4 * PAGE);
	CHECK_EQ(inside(fd[1]), 4 * PAGE);
	CHECK_ERROR(set_size(fd[0], 2 * PAGE), EBUSY);
	CHECK_EQ(set_size(fd[0], MOST), MOST);
	CHECK_EQ(write(fd[1], "h", 1), 1);
	CHECK_EQ(read(fd[0], page, PAGE), PAGE);
	CHECK_EQ(page[0], 'd');
	CHECK_EQ(set_size(fd[0], 3 * PAGE), 4 * PAGE);
	for (int i = 1; i < 4; i++) {
		CHECK_EQ(read(fd[0], page, PAGE), PAGE);
		CHECK_EQ(page[0] + page[PAGE - 1], 2 * ('d' + i));
	}
	CHECK_EQ(set_size(fd[0], 1), PAGE);
	CHECK_EQ(read(fd[0], page, PAGE), 1);
	CHECK_EQ(page[0], 'h');
	CHECK_EQ(write(fd[1], page, PAGE), PAGE);
	CHECK_ERROR(write(fd[1], page, 1), EAGAIN);
	close(file);
	close(fd[0]);
	close(fd[1]);
}

/* A writer that waits for room continues when the pipe is enlarged. */
void enlarged_for_a_writer(void)
{
	static char pages[3 * PAGE];
	int fd[2];
	pid_t pid;

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(set_size(fd[0], PAGE), PAGE);
	pid = pipe_child();
	if (pid == 0)
		_exit(write(fd[1], pages, sizeof(pages)) != sizeof(pages));
	job_until(pid, 'S');
	CHECK_EQ(set_size(fd[0], 4 * PAGE), 4 * PAGE);
	CHECK_EQ(job_wait(pid, 0), 0);
	CHECK_EQ(inside(fd[0]), sizeof(pages));
	close(fd[0]);
	close(fd[1]);
}

/* With 8 MiB of memory all pipes together may have 2 MiB: two tasks open more, and the last pipes have one page each. */
void all_together(void)
{
	static char page[PAGE];
	int fd[2], ends[2];
	pid_t pid;

	while (pipe(fd) == 0)
		CHECK_EQ(size_of(fd[0]), USUAL);
	pid = pipe_child();
	if (pid == 0) {
		for (int i = 3; i < 9; i++)
			close(i);
		while (syscall(SYS_pipe2, ends, O_NONBLOCK) == 0)
			fd[0] = ends[0], fd[1] = ends[1];
		CHECK_EQ(size_of(fd[0]), PAGE);
		CHECK_ERROR(set_size(fd[0], USUAL), EPERM);
		CHECK_EQ(write(fd[1], page, PAGE), PAGE);
		CHECK_ERROR(write(fd[1], page, 1), EAGAIN);
		CHECK_EQ(read(fd[0], page, PAGE), PAGE);
		_exit(0);
	}
	CHECK_EQ(job_wait(pid, 0), 0);
	close(3);
	close(4);
	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(size_of(fd[0]), USUAL);
}
