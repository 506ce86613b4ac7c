/*
 * self-write - a file that is written from, or read into, a mapping of itself; and writes from unreadable memory. A file
 * grows only by what was copied: a page beyond its end is no source, even for the write that would create it.
 *
 * Each on a file on a disk and, where it exists, on a file in /dev/shm.
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>

struct iovec {
	void *base;
	size_t length;
};

static const char *name;
static char *p, *bad;
static int fd;

static int size(void)
{
	struct stat st;

	CHECK_EQ(fstat(fd, &st), 0);
	return st.st_size;
}

/* BYTES long, each page filled with its letter, and mapped with more than it has. */
static void make(int bytes)
{
	static char text[3 * PAGE];

	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0);
	for (int i = 0; i < bytes; i++)
		text[i] = 'a' + i / PAGE;
	CHECK_EQ(write(fd, text, bytes), bytes);
	p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
}

static void done(void)
{
	CHECK_EQ(munmap(p, 8 * PAGE), 0);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink(name), 0);
}

/* From a page that the write itself would create; and from the last page, repeatedly. */
static void test_behind_the_end(void)
{
	make(PAGE);
	CHECK_ERROR(pwrite(fd, p + 2 * PAGE, PAGE, 2 * PAGE), EFAULT);
	CHECK_ERROR(pwrite(fd, p + PAGE, PAGE, PAGE), EFAULT);
	CHECK_ERROR(pwrite(fd, p + PAGE, 1, 0), EFAULT);
	CHECK_EQ(size(), PAGE);
	CHECK_EQ(pwrite(fd, p, 3 * PAGE, PAGE), 3 * PAGE); /* the bytes just written are the next source */
	CHECK_EQ(size(), 4 * PAGE);
	for (int i = 0; i < 4 * PAGE; i++)
		CHECK_EQ(p[i], 'a');
	CHECK_EQ(pwrite(fd, p + 2 * PAGE, 3 * PAGE, 0), 2 * PAGE);
	CHECK_EQ(pwrite(fd, p + 3 * PAGE, 2 * PAGE, 7 * PAGE), 2 * PAGE); /* the second page is a hole by then */
	CHECK_EQ(size(), 9 * PAGE);
	CHECK_EQ(p[5 * PAGE], 0);
	CHECK_EQ(p[7 * PAGE], 'a');
	done();
}

/* Onto itself, and next to it. */
static void test_itself(void)
{
	make(2 * PAGE + 100);
	CHECK_EQ(pwrite(fd, p, 2 * PAGE, 0), 2 * PAGE);
	CHECK_EQ(pwrite(fd, p + PAGE, PAGE, PAGE / 2), PAGE);
	CHECK_EQ(p[PAGE / 2 - 1], 'a');
	CHECK_EQ(p[PAGE / 2], 'b');
	CHECK_EQ(pread(fd, p + PAGE, 200, 2 * PAGE), 100);
	CHECK_EQ(p[PAGE + 99], 'c');
	CHECK_EQ(p[PAGE + 100], 'b');
	CHECK_ERROR(pread(fd, p + 3 * PAGE, 10, 0), EFAULT);
	CHECK_EQ(pread(fd, p + 3 * PAGE - 10, 20, 0), 10);
	CHECK_EQ(size(), 2 * PAGE + 100);
	done();
}

/* A buffer whose second page cannot be read. */
static void test_bad_buffer(void)
{
	struct iovec v[2];

	memset(bad, 'x', PAGE);
	make(100);
	CHECK_ERROR(pwrite(fd, bad + PAGE, PAGE, 5 * PAGE), EFAULT);
	CHECK_ERROR(pwrite(fd, bad + PAGE, PAGE, 50), EFAULT);
	CHECK_EQ(size(), 100);
	CHECK_EQ(pwrite(fd, bad + PAGE - 30, 60, 90), 30);
	CHECK_EQ(size(), 120);
	CHECK_EQ(p[119], 'x');
	CHECK_EQ(p[120], 0);
	v[0] = (struct iovec){ bad, 50 };
	v[1] = (struct iovec){ bad + PAGE, 50 };
	CHECK_EQ(lseek(fd, 0, SEEK_END), 120);
	CHECK_EQ(syscall(SYS_writev, fd, v, 2), 50);
	CHECK_ERROR(syscall(SYS_writev, fd, v + 1, 1), EFAULT);
	CHECK_EQ(size(), 170);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 170);
	CHECK_EQ(pread(fd, bad + PAGE - 30, 60, 0), 30);
	done();
}

static void test(const char *path)
{
	name = path;
	test_behind_the_end();
	test_itself();
	test_bad_buffer();
}

int main(void)
{
	bad = check_private(2);
	CHECK_EQ(mprotect(bad + PAGE, PAGE, PROT_NONE), 0);
	test("self-write.tmp");
	test("/dev/shm/self-write.tmp");
	return CHECK_OK();
}
