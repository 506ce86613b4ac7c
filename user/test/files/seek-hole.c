/*
 * seek-hole - lseek finds the data in a file, and the holes.
 */
#include "check.h"

enum { PAGES = 10 };

/* Of ten pages these three have data. */
static void store(int fd)
{
	CHECK_EQ(ftruncate(fd, PAGES * PAGE), 0);
	CHECK_EQ(pwrite(fd, "x", 1, 2 * PAGE + 77), 1);
	CHECK_EQ(pwrite(fd, "yz", 2, 6 * PAGE - 1), 2);
}

static void in_memory(int fd)
{
	store(fd);
	CHECK_EQ(lseek(fd, 0, SEEK_DATA), 2 * PAGE);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 2 * PAGE);
	CHECK_EQ(lseek(fd, 2 * PAGE + 99, SEEK_DATA), 2 * PAGE + 99);
	CHECK_EQ(lseek(fd, 3 * PAGE, SEEK_DATA), 5 * PAGE);
	CHECK_ERROR(lseek(fd, 7 * PAGE, SEEK_DATA), ENXIO);
	CHECK_EQ(lseek(fd, 5, SEEK_HOLE), 5);
	CHECK_EQ(lseek(fd, 2 * PAGE + 1, SEEK_HOLE), 3 * PAGE);
	CHECK_EQ(lseek(fd, 5 * PAGE, SEEK_HOLE), 7 * PAGE);
	CHECK_ERROR(lseek(fd, PAGES * PAGE, SEEK_HOLE), ENXIO);
	CHECK_ERROR(lseek(fd, PAGES * PAGE, SEEK_DATA), ENXIO);
	CHECK_ERROR(lseek(fd, -1, SEEK_DATA), ENXIO);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 7 * PAGE);
	CHECK_EQ(ftruncate(fd, 6 * PAGE - 5), 0);
	CHECK_EQ(lseek(fd, 5 * PAGE, SEEK_HOLE), 6 * PAGE - 5);
	CHECK_ERROR(lseek(fd, 0, 5), EINVAL);
	close(fd);
}

/* File systems may report that all of a file is data. */
static void on_disk(int fd)
{
	long at;

	CHECK(fd >= 0);
	store(fd);
	at = lseek(fd, 0, SEEK_DATA);
	CHECK(at >= 0 && at <= 2 * PAGE);
	CHECK_EQ(lseek(fd, 6 * PAGE, SEEK_DATA), 6 * PAGE);
	at = lseek(fd, 5 * PAGE, SEEK_HOLE);
	CHECK(at >= 7 * PAGE && at <= PAGES * PAGE);
	CHECK_ERROR(lseek(fd, PAGES * PAGE, SEEK_HOLE), ENXIO);
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_ERROR(lseek(fd, 0, SEEK_DATA), ENXIO);
	close(fd);
}

static void elsewhere(void)
{
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	CHECK_ERROR(lseek(fd[0], 0, SEEK_DATA), ESPIPE);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	in_memory(memfd_create("seek-hole", 0));
	in_memory(open("/dev/shm/seek-hole", O_RDWR | O_CREAT | O_TRUNC, 0600));
	CHECK_EQ(unlink("/dev/shm/seek-hole"), 0);
	on_disk(open("seek-hole.tmp", O_RDWR | O_CREAT | O_TRUNC, 0600));
	CHECK_EQ(unlink("seek-hole.tmp"), 0);
	elsewhere();
	return CHECK_OK();
}
