/*
 * punch - shared objects give memory back: fallocate makes holes in files in memory, and fills holes with pages; madvise makes
 * holes through a mapping. Frames and slots are freed, whatever tasks have mapped them.
 */
#include "file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { FALLOCATE = 324, KEEP_SIZE = 1, PUNCH = 3, ZERO_RANGE = 0x10, PAGES = 256 };

static int allocate(int fd, int mode, uint32_t from, uint32_t n)
{
	return syscall(FALLOCATE, fd, mode, from, 0, n, 0);
}

static uint32_t pages_of(int fd)
{
	struct stat st;

	CHECK_EQ(fstat(fd, &st), 0);
	return st.st_blocks * 512 / PAGE;
}

static long long size_of(int fd)
{
	struct stat st;

	CHECK_EQ(fstat(fd, &st), 0);
	return st.st_size;
}

static char *map_file(int fd, int flags)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

/* Shared memory in frames; 0 where the count may be late, as on Linux. */
static long long shared_pages(void)
{
	return check_counter("zero_fill") == PROC_ABSENT ? 0 : proc_number("/proc/meminfo", "Shmem") / 4;
}

static void reserve(int fd)
{
	CHECK_EQ(allocate(fd, 0, 100, 3 * PAGE), 0);
	CHECK_EQ(size_of(fd), 3 * PAGE + 100);
	CHECK_EQ(pages_of(fd), 4);
	CHECK_EQ(allocate(fd, KEEP_SIZE, 8 * PAGE, PAGE), 0);
	CHECK_EQ(size_of(fd), 3 * PAGE + 100);
	CHECK_EQ(pages_of(fd), 5);
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_EQ(pages_of(fd), 0);
}

/* read() makes no pages of holes: a file far larger than memory can be read. */
static void read_holes(int fd)
{
	char *p = check_private(PAGES);

	CHECK_EQ(ftruncate(fd, PAGES * PAGE), 0);
	CHECK_EQ(pwrite(fd, "x", 1, 9 * PAGE), 1);
	memset(p, 'p', PAGES * PAGE);
	CHECK_EQ(pread(fd, p, PAGES * PAGE, 0), PAGES * PAGE);
	for (int i = 0; i < PAGES * PAGE; i += 64)
		CHECK_EQ(p[i], i == 9 * PAGE ? 'x' : 0);
	CHECK_EQ(pages_of(fd), 1);
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
}

/* The edges of the range lie within pages: these pages stay, and only the range in them is cleared. */
static void edges(int fd)
{
	char *p = map_file(fd, MAP_SHARED);

	CHECK_EQ(ftruncate(fd, PAGES * PAGE), 0);
	memset(p, 'x', PAGES * PAGE);
	CHECK_EQ(pages_of(fd), PAGES);
	CHECK_EQ(allocate(fd, PUNCH, PAGE - 10, 2 * PAGE + 20), 0);
	CHECK_EQ(pages_of(fd), PAGES - 2);
	CHECK_EQ(size_of(fd), PAGES * PAGE);
	CHECK_EQ(p[PAGE - 11], 'x');
	for (int i = PAGE - 10; i < 3 * PAGE + 10; i += 10)
		CHECK_EQ(p[i], 0);
	CHECK_EQ(p[3 * PAGE + 10], 'x');
	CHECK_EQ(pages_of(fd), PAGES); /* a read makes them exist again */
	CHECK_EQ(allocate(fd, PUNCH, 5 * PAGE + 100, 50), 0);
	CHECK_EQ(p[5 * PAGE + 99], 'x');
	CHECK_EQ(p[5 * PAGE + 100], 0);
	CHECK_EQ(p[5 * PAGE + 149], 0);
	CHECK_EQ(p[5 * PAGE + 150], 'x');
	CHECK_EQ(pages_of(fd), PAGES);
	CHECK_EQ(allocate(fd, PUNCH, 200 * PAGE, 0x7FFFFFFF), 0);
	CHECK_EQ(pages_of(fd), 200);
	CHECK_EQ(lseek(fd, 0, SEEK_HOLE), 200 * PAGE);
	CHECK_EQ(p[PAGES * PAGE - 1], 0);
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
}

/* Mapped by two tasks, locked, and privately with and without a copy. */
static void everywhere(int fd)
{
	char *shared = map_file(fd, MAP_SHARED), *private = map_file(fd, MAP_PRIVATE);
	int go[2], ready[2];
	pid_t child;
	char c;

	CHECK_EQ(ftruncate(fd, PAGES * PAGE), 0);
	memset(shared, 's', PAGES * PAGE);
	private[0] = 'p';
	CHECK_EQ(private[PAGE], 's');
	CHECK_EQ(mlock(shared, 4 * PAGE), 0);
	CHECK_EQ(pipe(go), 0);
	CHECK_EQ(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		CHECK_EQ(shared[PAGE], 's'); /* an entry of its own */
		CHECK_EQ(write(ready[1], "r", 1), 1);
		CHECK_EQ(read(go[0], &c, 1), 1);
		CHECK_EQ(shared[PAGE], 0);
		_exit(0);
	}
	CHECK_EQ(read(ready[0], &c, 1), 1);
	CHECK_EQ(allocate(fd, PUNCH, 0, PAGES * PAGE), 0);
	CHECK_EQ(pages_of(fd), 0);
	CHECK_EQ(write(go[1], "g", 1), 1);
	CHECK_EQ(check_wait(child), 0);
	CHECK_EQ(private[0], 'p');
	CHECK_EQ(private[PAGE], 0);
	CHECK_EQ(shared[0], 0);
	shared[0] = 'n';
	CHECK_EQ(private[0], 'p');
	CHECK_EQ(munlock(shared, 4 * PAGE), 0);
	CHECK_EQ(munmap(shared, PAGES * PAGE), 0);
	CHECK_EQ(munmap(private, PAGES * PAGE), 0);
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(ready[i]);
	}
}

/* Pages in memory, and pages in swap: MADV_PAGEOUT moves them there, if there is swap. */
static void comes_back(void)
{
	long long before = shared_pages(), slots = proc_number("/proc/meminfo", "SwapFree");
	char *p = check_shared(PAGES);

	memset(p, 'x', PAGES * PAGE);
	CHECK_EQ(madvise(p, PAGES / 2 * PAGE, MADV_PAGEOUT), 0);
	CHECK_EQ(madvise(p + PAGE, (PAGES - 2) * PAGE, MADV_REMOVE), 0);
	CHECK_EQ(p[0], 'x');
	CHECK_EQ(p[(PAGES - 1) * PAGE], 'x');
	CHECK(shared_pages() <= before + 2);
	for (int tries = 0; tries < 500 && proc_number("/proc/meminfo", "SwapFree") < slots - 8; tries++)
		syscall(SYS_nanosleep, (uint32_t[2]){ 0, 10000000 }, NULL); /* pages that were being written at that moment */
	CHECK(proc_number("/proc/meminfo", "SwapFree") >= slots - 8);
	CHECK_EQ(p[PAGE], 0);
	CHECK_EQ(p[(PAGES - 2) * PAGE], 0);
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
	CHECK(shared_pages() <= before);
}

static void advice(int fd)
{
	char *p = check_private(2), *q;

	CHECK_ERROR(madvise(p, PAGE, MADV_REMOVE), EINVAL);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	CHECK_EQ(ftruncate(fd, PAGES * PAGE), 0);
	p = map_file(fd, MAP_SHARED);
	q = map_file(fd, MAP_PRIVATE);
	memset(p, 'x', PAGES * PAGE);
	CHECK_ERROR(madvise(q, PAGE, MADV_REMOVE), EACCES);
	CHECK_EQ(madvise(p, PAGE, MADV_DONTNEED), 0); /* the entry goes, the page stays */
	CHECK_EQ(p[0], 'x');
	CHECK_ERROR(madvise(p, PAGE, MADV_FREE), EINVAL);
	CHECK_EQ(madvise(p, PAGE, MADV_REMOVE), 0);
	CHECK_EQ(q[0], 0);
	CHECK_EQ(mlock(p, PAGE), 0);
	CHECK_ERROR(madvise(p, PAGE, MADV_REMOVE), EINVAL);
	CHECK_EQ(munlock(p, PAGE), 0);
	CHECK_EQ(mprotect(p, PAGE, PROT_READ), 0);
	CHECK_EQ(madvise(p, PAGE, MADV_REMOVE), 0); /* it can be made writable again */
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
	CHECK_EQ(munmap(q, PAGES * PAGE), 0);
}

/* RLIMIT_FSIZE limits allocation beyond the end of a file, but not punching there. */
static void size_limit(int fd)
{
	enum { FSIZE = 1, SIGNAL = 25 };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	struct rlimit limit;

	CHECK_EQ(getrlimit(FSIZE, &limit), 0);
	limit.rlim_cur = PAGE;
	CHECK_EQ(sigaction(SIGNAL, &ignore, &old), 0);
	CHECK_EQ(setrlimit(FSIZE, &limit), 0);
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_ERROR(allocate(fd, 0, 0, PAGE + 1), EFBIG);
	CHECK_EQ(pages_of(fd), 0);
	CHECK_EQ(allocate(fd, 0, 0, PAGE), 0);
	CHECK_EQ(allocate(fd, PUNCH, 0, 2 * PAGE), 0);
	limit.rlim_cur = RLIM_INFINITY;
	CHECK_EQ(setrlimit(FSIZE, &limit), 0);
	CHECK_EQ(sigaction(SIGNAL, &old, NULL), 0);
}

static void errors(int fd)
{
	int reader = open("/dev/shm/punch", O_RDONLY), directory = open("/dev/shm", O_RDONLY);
	char text[3];

	CHECK_ERROR(allocate(fd, 2, 0, PAGE), EOPNOTSUPP); /* PUNCH_HOLE alone */
	CHECK_ERROR(allocate(fd, ZERO_RANGE, 0, PAGE), EOPNOTSUPP);
	CHECK_ERROR(allocate(fd, PUNCH, 0, 0), EINVAL);
	CHECK_ERROR(allocate(reader, PUNCH, 0, PAGE), EBADF);
	CHECK_ERROR(allocate(directory, PUNCH, 0, PAGE), EBADF);
	CHECK_ERROR(syscall(FALLOCATE, fd, 0, 0, 0x7FFFFFFF, PAGE, 0), EFBIG);
	CHECK_EQ(pwrite(fd, "xyz", 3, 0), 3);
	CHECK_ERROR(syscall(FALLOCATE, fd, PUNCH, 1, 0x1000, 1, 0), EFBIG); /* would be page 0 if page numbers had 32 bits */
	CHECK_EQ(syscall(FALLOCATE, fd, PUNCH, 1, 0xFF, 1, 0), 0);
	CHECK_EQ(pread(fd, text, 3, 0), 3);
	CHECK(memcmp(text, "xyz", 3) == 0);
	close(reader);
	close(directory);
}

/* A file on a disk, of which no page has been read since it was opened. */
static void cold_file(void)
{
	static char page[PAGE];
	int fd = open("punch.cold", O_RDWR | O_CREAT | O_EXCL, 0600);

	CHECK_EQ(write(fd, page, PAGE), PAGE);
	close(fd);
	sync();
	CHECK_EQ(file_set("/proc/sys/vm/drop_caches", "3"), 0);
	fd = open("punch.cold", O_RDWR);
	if (allocate(fd, 0, 0, PAGE) != 0)
		CHECK_EQ(errno, EOPNOTSUPP); /* some of Linux's file systems */
	CHECK_EQ(size_of(fd), PAGE);
	CHECK_EQ(unlink("punch.cold"), 0);
	close(fd);
}

int main(void)
{
	int fd = open("/dev/shm/punch", O_RDWR | O_CREAT | O_EXCL, 0600);

	CHECK(fd >= 0);
	reserve(fd);
	read_holes(fd);
	edges(fd);
	everywhere(fd);
	comes_back();
	advice(fd);
	size_limit(fd);
	errors(fd);
	cold_file();
	CHECK_EQ(unlink("/dev/shm/punch"), 0);
	close(fd);
	return CHECK_OK();
}
