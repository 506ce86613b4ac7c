/*
 * send-file - sendfile: from a file to a file and into a pipe, from an offset or from the file's position, in part when the
 * pipe is full, and what is refused.
 */
#include "check.h"

#include <sys/syscall.h>

enum { SENDFILE = 187, FCNTL64 = 221, SENDFILE64 = 239, F_SETFL = 4, SIZE = 3 * PAGE + 100, ROOM = 16 * PAGE };

static char text[SIZE], got[ROOM];

static long sendfile(int out, int in, long *offset, unsigned n)
{
	return syscall(SENDFILE, out, in, offset, n);
}

static long sendfile64(int out, int in, long long *offset, unsigned n)
{
	return syscall(SENDFILE64, out, in, offset, n);
}

/* => a file without a name that holds the text */
static int make_file(void)
{
	int fd = open("send-file.tmp", O_RDWR | O_CREAT | O_TRUNC, 0644);

	CHECK(fd >= 0);
	CHECK_EQ(unlink("send-file.tmp"), 0);
	CHECK_EQ(write(fd, text, SIZE), SIZE);
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void check_text(int fd, unsigned from, unsigned n)
{
	CHECK_EQ(pread(fd, got, ROOM, 0), n);
	CHECK(memcmp(got, text + from, n) == 0);
}

static void test_file_to_file(void)
{
	int in = make_file(), out = make_file(), anywhere[] = { 10, 3 * PAGE, 5 };
	long long wide = PAGE - 3;
	long offset = 5;

	/* An offset is advanced, the file's position stays. */
	CHECK_EQ(ftruncate(out, 0), 0);
	CHECK_EQ(sendfile(out, in, &offset, 2 * PAGE), 2 * PAGE);
	CHECK_EQ(offset, 2 * PAGE + 5);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 0);
	CHECK_EQ(lseek(out, 0, SEEK_CUR), 2 * PAGE);
	check_text(out, 5, 2 * PAGE);
	CHECK_EQ(ftruncate(out, 0), 0);
	CHECK_EQ(lseek(out, 0, SEEK_SET), 0);
	CHECK_EQ(sendfile64(out, in, &wide, 0x7FFFFFFF), SIZE - PAGE + 3);
	CHECK_EQ(wide, SIZE);
	CHECK_EQ(sendfile64(out, in, &wide, 1), 0);
	check_text(out, PAGE - 3, SIZE - PAGE + 3);
	/* Without an offset the position is advanced. */
	CHECK_EQ(ftruncate(out, 0), 0);
	CHECK_EQ(lseek(out, 0, SEEK_SET), 0);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(sendfile(out, in, NULL, anywhere[i]), anywhere[i]);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 3 * PAGE + 15);
	CHECK_EQ(sendfile(out, in, NULL, 1000), SIZE - 3 * PAGE - 15);
	CHECK_EQ(sendfile(out, in, NULL, 1000), 0);
	check_text(out, 0, SIZE);
	CHECK_EQ(sendfile(out, in, NULL, 0), 0);
	close(in);
	close(out);
}

/* A pipe takes what it has room for, though the call could wait; without any room it fails at once. */
static void test_file_to_pipe(void)
{
	int large = make_file(), in = make_file(), ends[2];
	long offset = 1;

	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(sendfile(ends[1], in, &offset, SIZE - 2), SIZE - 2);
	CHECK_EQ(read(ends[0], got, ROOM), SIZE - 2);
	CHECK(memcmp(got, text + 1, SIZE - 2) == 0);
	CHECK_EQ(ftruncate(large, 20 * PAGE), 0);
	CHECK_EQ(lseek(large, 0, SEEK_SET), 0);
	CHECK_EQ(sendfile(ends[1], large, NULL, 20 * PAGE), ROOM);
	CHECK_EQ(syscall(FCNTL64, ends[1], F_SETFL, O_WRONLY | O_NONBLOCK), 0);
	CHECK_ERROR(sendfile(ends[1], in, &offset, 10), EAGAIN);
	CHECK_EQ(offset, SIZE - 1);
	CHECK_EQ(read(ends[0], got, ROOM), ROOM);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	offset = 0;
	CHECK_ERROR(sendfile(ends[1], in, &offset, 10), EPIPE);
	CHECK_EQ(offset, 0);
	close(ends[1]);
	close(in);
	close(large);
}

/* The reader is slow and its buffer small: each piece continues where the last one ended. */
static void test_whole_through_pipe(void)
{
	int in = make_file(), ends[2];
	long offset = 0;
	pid_t pid;

	CHECK_EQ(ftruncate(in, 50 * PAGE), 0);
	CHECK_EQ(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		unsigned total = 0;
		int n;

		close(ends[1]);
		while ((n = read(ends[0], got, 1000)) > 0)
			for (int i = 0; i < n; i++, total++)
				CHECK_EQ(got[i], total < SIZE ? text[total] : 0);
		_exit(total == 50 * PAGE ? 0 : 1);
	}
	close(ends[0]);
	while (offset < 50 * PAGE)
		CHECK(sendfile(ends[1], in, &offset, 50 * PAGE - offset) > 0);
	close(ends[1]);
	CHECK_EQ(check_wait(pid), 0);
	close(in);
}

static void test_refused(void)
{
	int in = make_file(), out = make_file(), folder = open("/", O_RDONLY | O_DIRECTORY), ends[2];
	int only_write = open("/dev/null", O_WRONLY), only_read = open("/dev/null", O_RDONLY);
	long offset = 0, negative = -1;

	CHECK_EQ(pipe(ends), 0);
	CHECK_ERROR(sendfile(-1, in, NULL, 1), EBADF);
	CHECK_ERROR(sendfile(out, -1, NULL, 1), EBADF);
	CHECK_ERROR(sendfile(only_read, in, NULL, 1), EBADF);
	CHECK_ERROR(sendfile(out, only_write, NULL, 1), EBADF);
	CHECK_ERROR(sendfile(out, in, (void *)8, 1), EFAULT);
	CHECK_ERROR(sendfile(out, in, &negative, 1), EINVAL);
	CHECK_ERROR(sendfile(out, ends[0], &offset, 1), ESPIPE);
	CHECK_ERROR(sendfile(out, ends[0], NULL, 1), EINVAL);
	CHECK_ERROR(sendfile(out, folder, NULL, 1), EINVAL);
	CHECK_EQ(syscall(FCNTL64, out, F_SETFL, O_APPEND), 0);
	CHECK_ERROR(sendfile(out, in, NULL, 1), EINVAL);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 0);
}

int main(void)
{
	uint32_t state = 1;

	for (unsigned i = 0; i < SIZE; i++)
		text[i] = check_random(&state);
	test_file_to_file();
	test_file_to_pipe();
	test_whole_through_pipe();
	test_refused();
	return CHECK_OK();
}
