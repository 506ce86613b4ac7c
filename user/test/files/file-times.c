/*
 * file-times - mtime and ctime of a file change at the first store to a page through a shared mapping since it was mapped or
 * written back. Reading, private stores and writing back change neither.
 *
 * The times are set to the past first, so that the test need not wait. A file system without a disk writes nothing back,
 * so a page that was stored to once stays writable: that part is tested with a file on a disk only.
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>

enum { SYS_UTIMENSAT = 320, SYS_STATFS64 = 268, AT_CWD = -100, EXT2_MAGIC = 0xEF53, PAST = 1000000000 };

static const char *name;
static char *p;
static int fd;
static bool on_disk;

static struct stat told(void)
{
	struct stat st;

	CHECK_EQ(fstat(fd, &st), 0);
	return st;
}

static void set_past(void)
{
	static const long past[4] = { PAST, 0, PAST, 0 };

	CHECK_EQ(syscall(SYS_UTIMENSAT, AT_CWD, name, past, 0), 0);
	CHECK_EQ(told().st_mtime, PAST);
}

/* Since set_past(). */
static bool moved(void)
{
	struct stat st = told();

	CHECK(st.st_mtime == PAST || st.st_mtime == st.st_ctime);
	return st.st_mtime != PAST;
}

static void map(int flags)
{
	p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);
	CHECK(p != MAP_FAILED);
	set_past();
}

static void unmap(void)
{
	CHECK_EQ(munmap(p, 4 * PAGE), 0);
}

/* The first store of each new mapping, seen at once. */
static void test_first_store(void)
{
	map(MAP_SHARED);
	p[0] = 1;
	CHECK(moved());
	set_past();
	p[PAGE] = 1;
	CHECK(moved());
	set_past();
	unmap();
	CHECK(!moved());
	map(MAP_SHARED);
	p[0] = 2;
	unmap();
	CHECK(moved());
	set_past();
	CHECK_EQ(fsync(fd), 0);
	CHECK(!moved());
}

/* A store by the kernel on behalf of a program counts as one of the program. */
static void test_stored_by_a_call(void)
{
	int ends[2];

	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(write(ends[1], "text", 4), 4);
	map(MAP_SHARED);
	CHECK_EQ(read(ends[0], p + 5, 4), 4);
	CHECK(moved());
	unmap();
	close(ends[0]);
	close(ends[1]);
}

static void test_no_store(void)
{
	map(MAP_SHARED);
	CHECK_EQ(p[5], 't');
	CHECK_EQ(msync(p, 4 * PAGE, MS_SYNC), 0);
	unmap();
	CHECK(!moved());
	map(MAP_PRIVATE);
	p[5] = 'T';
	CHECK_EQ(msync(p, 4 * PAGE, MS_SYNC), 0);
	unmap();
	CHECK(!moved());
	CHECK_EQ(mlock(p, 0), 0);
	map(MAP_SHARED);
	CHECK_EQ(mlock(p, 4 * PAGE), 0);
	CHECK(!moved());
	p[9] = 1;
	CHECK(!on_disk || moved());
	unmap();
}

/* After write-back the next store to a page counts again; after a read the first store counts. */
static void test_after_writing_back(void)
{
	map(MAP_SHARED);
	CHECK_EQ(p[0], 2);
	p[0] = 3;
	CHECK(moved());
	set_past();
	p[1] = 3;
	CHECK(!moved());
	CHECK_EQ(msync(p, PAGE, MS_SYNC), 0);
	CHECK(!moved());
	p[0] = 4;
	CHECK(moved());
	set_past();
	CHECK_EQ(msync(p, PAGE, MS_ASYNC), 0);
	sync();
	p[0] = 5;
	CHECK(moved());
	set_past();
	CHECK_EQ(fsync(fd), 0);
	p[0] = 6;
	unmap();
	CHECK(moved());
}

/* A hole, which gets a block at the store, and a child's mapping. */
static void store(void *place)
{
	*(char *)place = 1;
}

static void test_hole_and_child(void)
{
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_EQ(ftruncate(fd, 4 * PAGE), 0);
	map(MAP_SHARED);
	p[3 * PAGE] = 1;
	CHECK(moved());
	set_past();
	CHECK_EQ(check_in_child(store, p + 2 * PAGE), 0);
	CHECK(moved());
	unmap();
}

static void test(const char *path)
{
	name = path;
	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, 4 * PAGE), 0);
	test_first_store();
	test_stored_by_a_call();
	test_no_store();
	if (on_disk)
		test_after_writing_back();
	test_hole_and_child();
	close(fd);
	unlink(name);
}

int main(void)
{
	struct {
		int type, rest[20];
	} where;

	CHECK_EQ(syscall(SYS_STATFS64, ".", 84, &where), 0);
	on_disk = where.type == EXT2_MAGIC;
	test("file-times.tmp");
	on_disk = false;
	test("/dev/shm/file-times.tmp");
	return CHECK_OK();
}
