/*
 * map-save - files in memory: what stores through shared and private mappings do to a file, and what changes of the file
 * do to mappings.
 */
#include "check.h"

#include <sys/stat.h>

static const char name[] = "map-save.tmp";
static char buf[4 * PAGE];

static int make(int size)
{
	int fd;

	unlink(name);
	fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0644);
	CHECK(fd >= 0);
	for (int i = 0; i < size; i++)
		buf[i] = 'a' + i / PAGE;
	CHECK_EQ(write(fd, buf, size), size);
	return fd;
}

static char *map(int fd, size_t size, int flags, off_t offset)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, offset);

	CHECK(p != MAP_FAILED);
	return p;
}

static char at(int fd, off_t offset)
{
	char c;

	CHECK_EQ(pread(fd, &c, 1, offset), 1);
	return c;
}

/* Both ways, at once, also at an offset; private stores stay private. */
static void test_one_cache(void)
{
	int fd = make(3 * PAGE);
	char *shared = map(fd, 3 * PAGE, MAP_SHARED, 0), *second = map(fd, PAGE, MAP_SHARED, PAGE);
	char *private = map(fd, 3 * PAGE, MAP_PRIVATE, 0);

	shared[PAGE + 7] = '1';
	CHECK_EQ(second[7], '1');
	CHECK_EQ(private[PAGE + 7], '1');
	CHECK_EQ(at(fd, PAGE + 7), '1');
	CHECK_EQ(pwrite(fd, "2", 1, PAGE + 7), 1);
	CHECK_EQ(shared[PAGE + 7], '2');
	private[PAGE + 7] = '3';
	CHECK_EQ(shared[PAGE + 7], '2');
	CHECK_EQ(at(fd, PAGE + 7), '2');
	CHECK_EQ(pwrite(fd, "4", 1, PAGE + 8), 1);
	CHECK_EQ(private[PAGE + 8], 'b');
	CHECK_EQ(private[2 * PAGE], 'c');
	munmap(shared, 3 * PAGE);
	munmap(second, PAGE);
	munmap(private, 3 * PAGE);
	CHECK_EQ(at(fd, PAGE + 7), '2');
	close(fd);
}

/* The rest of the last page reads zero; what is stored there never reaches the file. */
static void test_tail(void)
{
	int fd = make(PAGE + 100);
	char *p = map(fd, 2 * PAGE, MAP_SHARED, 0);
	struct stat st;

	for (int i = 100; i < PAGE; i++)
		CHECK_EQ(p[PAGE + i], 0);
	p[PAGE + 100] = 'x';
	p[PAGE + 99] = 'y';
	CHECK_EQ(msync(p, 2 * PAGE, MS_SYNC), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, PAGE + 100);
	CHECK_EQ(pread(fd, buf, PAGE, PAGE), 100);
	CHECK_EQ(ftruncate(fd, 2 * PAGE), 0);
	CHECK_EQ(at(fd, PAGE + 99), 'y');
	CHECK_EQ(at(fd, PAGE + 100), 0);
	CHECK_EQ(p[PAGE + 100], 0);
	munmap(p, 2 * PAGE);
	close(fd);
}

/* An access beyond the end is SIGBUS until the file has grown; truncated, it is SIGBUS again, also for private copies. */
static void test_end(void)
{
	int fd = make(PAGE);
	char *shared = map(fd, 4 * PAGE, MAP_SHARED, 0), *private = map(fd, 4 * PAGE, MAP_PRIVATE, 0);

	CHECK_SIGNAL(check_load, shared + PAGE, SIGBUS);
	CHECK_SIGNAL(check_store, shared + 3 * PAGE, SIGBUS);
	CHECK_SIGNAL(check_store, private + PAGE, SIGBUS);
	CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
	CHECK_EQ(shared[2 * PAGE], 0);
	shared[2 * PAGE] = 'z';
	private[2 * PAGE + 1] = 'p';
	CHECK_EQ(private[2 * PAGE], 'z');
	CHECK_EQ(at(fd, 2 * PAGE), 'z');
	CHECK_SIGNAL(check_load, shared + 3 * PAGE, SIGBUS);
	CHECK_EQ(ftruncate(fd, 10), 0);
	CHECK_SIGNAL(check_load, shared + 2 * PAGE, SIGBUS);
	CHECK_SIGNAL(check_load, private + 2 * PAGE, SIGBUS);
	CHECK_EQ(shared[9], 'a');
	CHECK_EQ(shared[10], 0);
	CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
	CHECK_EQ(shared[2 * PAGE], 0);
	CHECK_EQ(private[2 * PAGE], 0);
	munmap(shared, 4 * PAGE);
	munmap(private, 4 * PAGE);
	close(fd);
}

/* The mapping keeps the file alive, without descriptor and name. */
static void test_outlives(void)
{
	int fd = make(2 * PAGE), again;
	char *p = map(fd, 2 * PAGE, MAP_SHARED, 0);

	again = open(name, O_RDONLY);
	close(fd);
	p[0] = 'A';
	CHECK_EQ(unlink(name), 0);
	p[PAGE] = 'B';
	CHECK_EQ(at(again, PAGE), 'B');
	close(again);
	CHECK_EQ(p[0], 'A');
	CHECK_EQ(p[PAGE + 1], 'b');
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	CHECK_ERROR(open(name, O_RDONLY), ENOENT);
}

static void test_refused(void)
{
	int fd = make(PAGE), reader = open(name, O_RDONLY), writer = open(name, O_WRONLY);
	char *p;

	CHECK(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0) == MAP_FAILED);
	CHECK_EQ(errno, EACCES);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, writer, 0) == MAP_FAILED);
	CHECK_EQ(errno, EACCES);
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);
	CHECK(p != MAP_FAILED);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
	CHECK_ERROR(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES);
	munmap(p, PAGE);
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader, 0);
	CHECK(p != MAP_FAILED);
	p[0] = 'q';
	CHECK_EQ(at(fd, 0), 'a');
	munmap(p, PAGE);
	close(fd);
	close(reader);
	close(writer);
}

/* write() from a mapping of the very page that is written, and read() into it. */
static void test_same_page(void)
{
	int fd = make(2 * PAGE);
	char *p = map(fd, 2 * PAGE, MAP_SHARED, 0);

	memset(p, 'm', 100);
	CHECK_EQ(pwrite(fd, p, 100, 50), 100);
	CHECK_EQ(p[149], 'm');
	CHECK_EQ(p[150], 'a');
	CHECK_EQ(pread(fd, p + PAGE, PAGE, PAGE), PAGE);
	CHECK_EQ(p[PAGE], 'b');
	CHECK_EQ(pwrite(fd, p + PAGE - 1, PAGE, 0), PAGE);
	CHECK_EQ(p[1], 'b');
	munmap(p, 2 * PAGE);
	close(fd);
}

static void store_in_both(void *argument)
{
	char **p = argument;

	p[0][0] = 'S';
	p[1][0] = 'P';
	p[1][PAGE] = 'P';
}

/* A child inherits both kinds of mapping; its private stores are its own; it ends without munmap. */
static void test_fork(void)
{
	int fd = make(2 * PAGE);
	char *p[2] = { map(fd, 2 * PAGE, MAP_SHARED, 0), map(fd, 2 * PAGE, MAP_PRIVATE, 0) };

	p[1][PAGE] = 'v';
	CHECK_EQ(check_in_child(store_in_both, p), 0);
	CHECK_EQ(p[0][0], 'S');
	CHECK_EQ(at(fd, 0), 'S');
	CHECK_EQ(p[1][0], 'S');
	CHECK_EQ(p[1][PAGE], 'v');
	munmap(p[0], 2 * PAGE);
	munmap(p[1], 2 * PAGE);
	close(fd);
}

/* A mapping without stores writes nothing back over later write() calls; holes read zero and can be filled. */
static void test_untouched(void)
{
	int fd = make(PAGE);
	char *p = map(fd, 3 * PAGE, MAP_SHARED, 0);

	CHECK_EQ(p[0], 'a');
	CHECK_EQ(pwrite(fd, "NEW", 3, 0), 3);
	CHECK_EQ(munmap(p, 3 * PAGE), 0);
	CHECK_EQ(at(fd, 1), 'E');
	CHECK_EQ(ftruncate(fd, 100 * PAGE), 0);
	p = map(fd, 100 * PAGE, MAP_SHARED, 0);
	for (int i = 1; i < 100; i++)
		CHECK_EQ(p[i * PAGE + i], 0);
	p[70 * PAGE] = 'h';
	CHECK_EQ(p[70 * PAGE + 1], 0);
	CHECK_EQ(at(fd, 70 * PAGE), 'h');
	munmap(p, 100 * PAGE);
	close(fd);
}

static void test_msync(void)
{
	int fd = make(2 * PAGE);
	char *p = map(fd, 2 * PAGE, MAP_SHARED, 0);
	long long before = check_counter("writeback");

	CHECK_ERROR(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL);
	CHECK_ERROR(msync(p, PAGE, 8), EINVAL);
	CHECK_ERROR(msync(p + 1, PAGE, MS_SYNC), EINVAL);
	CHECK_EQ(msync(p, 0, MS_SYNC), 0);
	p[PAGE] = 'd';
	CHECK_EQ(msync(p, 2 * PAGE, MS_SYNC), 0);
	CHECK_ROSE("writeback", before, 1);
	CHECK_EQ(munmap(p, PAGE), 0);
	CHECK_ERROR(msync(p, 2 * PAGE, MS_SYNC), ENOMEM);
	CHECK_EQ(msync(p + PAGE, PAGE, MS_ASYNC), 0);
	munmap(p + PAGE, PAGE);
	close(fd);
}

int main(void)
{
	test_one_cache();
	test_tail();
	test_end();
	test_outlives();
	test_refused();
	test_same_page();
	test_fork();
	test_untouched();
	test_msync();
	CHECK_EQ(unlink(name), 0);
	return CHECK_OK();
}
