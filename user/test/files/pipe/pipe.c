/*
 * pipe - order of bytes between tasks; blocking; end of file; no reader; bad memory. size.c: how much it holds.
 */
#include "pipe.h"

static void end_and_errors(void)
{
	char text[8];
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(write(fd[1], "abc", 3), 3);
	CHECK_EQ(read(fd[0], text, 8), 3);
	CHECK_EQ(write(fd[1], "", 0), 0);
	CHECK_ERROR(write(fd[0], "x", 1), EBADF);
	CHECK_ERROR(read(fd[1], text, 1), EBADF);
	CHECK_ERROR(lseek(fd[0], 0, SEEK_SET), ESPIPE);
	CHECK_EQ(write(fd[1], "last", 4), 4);
	close(fd[1]);
	CHECK_EQ(read(fd[0], text, 2), 2);
	CHECK_EQ(read(fd[0], text, 8), 2);
	CHECK_EQ(read(fd[0], text, 8), 0);
	close(fd[0]);
	CHECK_ERROR(pipe((int *)0xc0000000), EFAULT);
}

static void nobody_reads(void *ignore)
{
	int fd[2];

	if (ignore)
		signal(SIGPIPE, SIG_IGN);
	CHECK_EQ(pipe(fd), 0);
	close(fd[0]);
	CHECK_ERROR(write(fd[1], "x", 1), EPIPE);
}

/* A megabyte in pieces of all sizes, through a child and back: every byte in order. */
enum { TOTAL = 1 << 20 };

static void copy(int from, int to)
{
	static char buffer[5000];
	uint32_t seed = 5;
	ssize_t n;

	while ((n = read(from, buffer, 1 + check_random(&seed) % sizeof(buffer))) > 0)
		for (ssize_t done = 0, part; done < n; done += part) {
			part = write(to, buffer + done, n - done);
			CHECK(part > 0);
		}
	CHECK_EQ(n, 0);
}

static void send_all(int to)
{
	static uint32_t words[1500];
	uint32_t value = 1, seed = 3;

	for (size_t left = TOTAL; left > 0; ) {
		size_t n = 4 * (1 + check_random(&seed) % 1500);

		n = n < left ? n : left;
		for (size_t i = 0; i < n / 4; i++)
			words[i] = check_random(&value);
		CHECK_EQ(write(to, words, n), (ssize_t)n);
		left -= n;
	}
}

/* Reads what there is in pieces of other sizes: few enough calls for a kernel that checks itself after each. */
static void receive_all(int from)
{
	static char buffer[7000];
	uint32_t value = 1, word = 0, seed = 11;
	size_t total = 0;
	ssize_t n;

	while ((n = read(from, buffer, 1 + check_random(&seed) % sizeof(buffer))) > 0) {
		for (ssize_t i = 0; i < n; i++, total++) {
			if (total % sizeof(word) == 0)
				word = check_random(&value);
			CHECK_EQ(buffer[i], ((char *)&word)[total % sizeof(word)]);
		}
	}
	CHECK_EQ(n, 0);
	CHECK_EQ(total, TOTAL);
}

pid_t pipe_child(void)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	return pid;
}

static void a_megabyte(void)
{
	int there[2], back[2], status;

	CHECK_EQ(pipe(there) + pipe(back), 0);
	if (pipe_child() == 0) {
		close(there[1]);
		close(back[0]);
		copy(there[0], back[1]);
		_exit(0);
	}
	close(there[0]);
	close(back[1]);
	if (pipe_child() == 0) {
		close(back[0]);
		send_all(there[1]);
		_exit(0);
	}
	close(there[1]);
	receive_all(back[0]);
	close(back[0]);
	for (int i = 0; i < 2; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
}

/* Small writes of several tasks are atomic. */
static void not_torn(void)
{
	enum { WRITERS = 4, TIMES = 100, LENGTH = 64 };
	char text[LENGTH];
	int fd[2], status;

	CHECK_EQ(pipe(fd), 0);
	for (int i = 0; i < WRITERS; i++) {
		if (pipe_child() == 0) {
			memset(text, 'a' + i, LENGTH);
			for (int n = 0; n < TIMES; n++)
				CHECK_EQ(write(fd[1], text, LENGTH), LENGTH);
			_exit(0);
		}
	}
	close(fd[1]);
	for (int n = 0; n < WRITERS * TIMES; n++) {
		for (int got = 0, part; got < LENGTH; got += part) {
			part = read(fd[0], text + got, LENGTH - got);
			CHECK(part > 0);
		}
		for (int i = 1; i < LENGTH; i++)
			CHECK_EQ(text[i], text[0]);
	}
	CHECK_EQ(read(fd[0], text, 1), 0);
	close(fd[0]);
	while (wait(&status) > 0)
		CHECK_EQ(status, 0);
}

struct vector {
	const void *base;
	size_t length;
};

static long write_vectors(int fd, const struct vector *v, int count)
{
	return syscall(SYS_writev, fd, v, count);
}

/* A write during a writev() that waits for room comes before all of its vectors. */
static void vectors_not_torn(void)
{
	static char page[PAGE];
	const struct vector v[] = { { "abcd", 4 }, { page, 96 } };
	int fd[2];
	pid_t pid;

	CHECK_EQ(pipe(fd), 0);
	for (int i = 0; i < 15; i++)
		CHECK_EQ(write(fd[1], page, PAGE), PAGE);
	CHECK_EQ(write(fd[1], page, PAGE - 50), PAGE - 50);
	pid = pipe_child();
	if (pid == 0)
		_exit(write_vectors(fd[1], v, 2));
	job_until(pid, 'S');
	CHECK_EQ(write(fd[1], "other", 5), 5);
	for (int i = 0; i < 15; i++)
		CHECK_EQ(read(fd[0], page, PAGE), PAGE);
	CHECK_EQ(job_wait(pid, 0), 100 << 8);
	CHECK_EQ(read(fd[0], page, PAGE - 50), PAGE - 50);
	CHECK_EQ(read(fd[0], page, PAGE), 105);
	CHECK(memcmp(page, "otherabcd", 9) == 0);
	close(fd[0]);
	close(fd[1]);
}

/* Vectors of 4096 bytes in all are written together or not at all: without enough room, and with a bad one. */
static void vectors_together(void)
{
	static char page[PAGE];
	const struct vector both[] = { { "abcd", 4 }, { page, 96 } }, bad[] = { { "abcd", 4 }, { (void *)8, 4 } };
	int fd[2];

	CHECK_EQ(syscall(SYS_pipe2, fd, O_NONBLOCK), 0);
	for (int i = 0; i < 15; i++)
		CHECK_EQ(write(fd[1], page, PAGE), PAGE);
	CHECK_EQ(write(fd[1], page, PAGE - 50), PAGE - 50);
	CHECK_ERROR(write_vectors(fd[1], both, 2), EAGAIN);
	CHECK_EQ(write(fd[1], page, 50), 50);
	CHECK_ERROR(write_vectors(fd[1], both, 2), EAGAIN);
	for (int i = 0; i < 16; i++)
		CHECK_EQ(read(fd[0], page, PAGE), PAGE);
	CHECK_EQ(write_vectors(fd[1], both, 2), 100);
	CHECK_EQ(read(fd[0], page, PAGE), 100);
	CHECK(memcmp(page, "abcd", 4) == 0);
	/* Last: Linux 6.1 leaves an empty buffer, which takes up a page. */
	CHECK_ERROR(write_vectors(fd[1], bad, 2), EFAULT);
	close(fd[0]);
	CHECK_ERROR(write_vectors(fd[1], both, 2), EPIPE);
	close(fd[1]);
}

/* A piece, 4096 bytes at most, is transferred completely or not at all. */
static void memory_ends(void)
{
	char *p = check_private(3);
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(munmap(p + 2 * PAGE, PAGE), 0);
	memset(p, 'm', 2 * PAGE);
	CHECK_ERROR(write(fd[1], p + 2 * PAGE - 50, 100), EFAULT);
	CHECK_EQ(write(fd[1], p, 10), 10);
	CHECK_ERROR(write(fd[1], p + 2 * PAGE - 50, 100), EFAULT);
	CHECK_ERROR(write(fd[1], p + PAGE + 1, PAGE), EFAULT);
	CHECK_ERROR(read(fd[0], p + 2 * PAGE - 5, 10), EFAULT);
	CHECK_EQ(read(fd[0], p, 3), 3);
	CHECK_ERROR(read(fd[0], p + 2 * PAGE - 5, 10), EFAULT);
	CHECK_EQ(read(fd[0], p + 2 * PAGE - 5, 5), 5);
	CHECK_EQ(read(fd[0], p, 10), 2);
	CHECK_EQ(write(fd[1], p + 100, 2 * PAGE), PAGE);
	CHECK_EQ(read(fd[0], p, 2 * PAGE), PAGE);
	close(fd[0]);
	close(fd[1]);
	munmap(p, 2 * PAGE);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "all") == 0) {
		all_together();
		return CHECK_OK();
	}
	sizes();
	enlarged_for_a_writer();
	end_and_errors();
	memory_ends();
	CHECK_SIGNAL(nobody_reads, NULL, SIGPIPE);
	CHECK_SIGNAL(nobody_reads, (void *)1, 0);
	a_megabyte();
	not_torn();
	vectors_not_torn();
	signal(SIGPIPE, SIG_IGN);
	vectors_together();
	return CHECK_OK();
}
