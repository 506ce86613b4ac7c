/*
 * remap - mremap, madvise, locked memory, /dev/zero and memfd: what they do and what they refuse.
 */
#include "check.h"

#include <sys/syscall.h>

static char *map(size_t pages, int flags)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

static void fill(char *p, int pages, int first)
{
	for (int i = 0; i < pages; i++) {
		p[i * PAGE] = first + i;
		p[i * PAGE + PAGE - 1] = first - i;
	}
}

static void check_filled(const char *p, int pages, int first)
{
	for (int i = 0; i < pages; i++) {
		CHECK_EQ(p[i * PAGE], (char)(first + i));
		CHECK_EQ(p[i * PAGE + PAGE - 1], (char)(first - i));
	}
}

#define CHECK_REFUSED(call, error) \
	do { \
		errno = 0; \
		CHECK((call) == MAP_FAILED); \
		CHECK_EQ(errno, error); \
	} while (0)

static void test_resize(void)
{
	char *p = map(20, MAP_PRIVATE), *hole = p + 8 * PAGE, *q;

	fill(p, 20, 50);
	CHECK_EQ(munmap(hole, 6 * PAGE), 0);
	CHECK_AT(mremap(p, 8 * PAGE, 5 * PAGE, 0), p);
	CHECK_SIGNAL(check_load, p + 5 * PAGE, SIGSEGV);
	CHECK_AT(mremap(p, 5 * PAGE, 10 * PAGE, 0), p);
	CHECK_EQ(p[5 * PAGE], 0);
	check_filled(p, 5, 50);
	CHECK_REFUSED(mremap(p, 10 * PAGE, 16 * PAGE, 0), ENOMEM);
	q = mremap(p, 10 * PAGE, 30 * PAGE, MREMAP_MAYMOVE);
	CHECK(q != MAP_FAILED && q != p);
	check_filled(q, 5, 50);
	CHECK_EQ(q[29 * PAGE], 0);
	CHECK_SIGNAL(check_load, p, SIGSEGV);
	CHECK_EQ(p[14 * PAGE], 50 + 14);
	munmap(p, 20 * PAGE);
	munmap(q, 30 * PAGE);
}

/* What a child adds to a region with pages of its parent's belongs to that region: mremap takes both together. */
static void test_inherited(void)
{
	char *p = map(20, MAP_PRIVATE);
	pid_t child;

	fill(p, 20, 30);
	CHECK_EQ(munmap(p + 4 * PAGE, 16 * PAGE), 0);
	child = fork();
	if (child == 0) {
		CHECK_AT(mremap(p, 4 * PAGE, 8 * PAGE, 0), p);
		fill(p + 4 * PAGE, 4, 34);
		CHECK_AT(mremap(p, 8 * PAGE, 12 * PAGE, 0), p);
		check_filled(p, 4, 30);
		check_filled(p + 4 * PAGE, 4, 34);
		_exit(0);
	}
	CHECK_EQ(check_wait(child), 0);
	munmap(p, 4 * PAGE);
}

static void test_fixed(void)
{
	char *p = map(6, MAP_PRIVATE), *to = map(12, MAP_PRIVATE);
	pid_t child;

	fill(p, 6, 9);
	fill(to, 12, 90);
	child = fork();
	if (child == 0) {
		CHECK_AT(mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 2 * PAGE), to + 2 * PAGE);
		check_filled(to + 2 * PAGE, 4, 9);
		to[2 * PAGE] = 'c';
		_exit(0);
	}
	CHECK_EQ(check_wait(child), 0);
	check_filled(p, 6, 9);
	check_filled(to, 12, 90);
	CHECK_AT(mremap(p, 6 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to), to);
	check_filled(to, 3, 9);
	CHECK_EQ(to[3 * PAGE], 93);
	CHECK_SIGNAL(check_load, p + 5 * PAGE, SIGSEGV);
	munmap(to, 12 * PAGE);
}

/*
 * The kernel keeps records of 64 adjacent pages: moves within such a group, and moves to end where the range began, so that the
 * last pages come to where the first ones were.
 */
static void test_neighbours(int at, int to, int pages)
{
	char *p = map(256, MAP_PRIVATE), *group = (char *)(((uintptr_t)p + 64 * PAGE - 1) & ~(64 * PAGE - 1));
	char *old = group + at * PAGE;

	CHECK_EQ(munmap(p, 256 * PAGE), 0);
	CHECK_AT(mmap(old, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), old);
	fill(old, pages, 3);
	p = group + to * PAGE;
	CHECK_AT(mremap(old, pages * PAGE, pages * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p), p);
	check_filled(p, pages, 3);
	CHECK_SIGNAL(check_load, old, SIGSEGV);
	CHECK_EQ(munmap(p, pages * PAGE), 0);
}

static void test_shared(void)
{
	char *p = map(4, MAP_SHARED), *q;
	int status;

	fill(p, 4, 1);
	if (fork() == 0) {
		q = mremap(p + PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + 64 * PAGE);
		CHECK_AT(q, p + 64 * PAGE);
		CHECK_EQ(q[0], 2);
		q[PAGE] = 's';
		_exit(0);
	}
	CHECK(wait(&status) > 0);
	CHECK_EQ(status, 0);
	CHECK_EQ(p[2 * PAGE], 's');
	q = mremap(p + PAGE, 0, 3 * PAGE, MREMAP_MAYMOVE);
	CHECK(q != MAP_FAILED && q != p + PAGE);
	CHECK_EQ(q[0], 2);
	q[PAGE] = 'd';
	CHECK_EQ(p[2 * PAGE], 'd');
	CHECK_AT(mremap(p, 0, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q + PAGE), q + PAGE);
	CHECK_EQ(q[PAGE], 1);
	CHECK_EQ(q[2 * PAGE], 4);
	CHECK_EQ(p[2 * PAGE], 'd');
	munmap(q, 3 * PAGE);
	munmap(p, 4 * PAGE);
}

static void test_remap_refused(void)
{
	char *p = map(4, MAP_PRIVATE);

	CHECK_REFUSED(mremap(p + 1, PAGE, PAGE, 0), EINVAL);
	CHECK_REFUSED(mremap(p, PAGE, 0, 0), EINVAL);
	CHECK_REFUSED(mremap(p, PAGE, PAGE, 64), EINVAL);
	CHECK_REFUSED(mremap(p, PAGE, PAGE, MREMAP_FIXED, p + 8 * PAGE), EINVAL);
	CHECK_REFUSED(mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, p + PAGE), EINVAL);
	CHECK_REFUSED(mremap(p, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, p + 8 * PAGE + 1), EINVAL);
	CHECK_REFUSED(mremap(p, 0, PAGE, MREMAP_MAYMOVE), EINVAL);
	CHECK_REFUSED(mremap(p, 0, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, p + 8 * PAGE), EINVAL);
	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CHECK_REFUSED(mremap(p + PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
	CHECK_REFUSED(mremap(p, 3 * PAGE, 5 * PAGE, MREMAP_MAYMOVE), EFAULT);
	munmap(p, 4 * PAGE);
}

static void test_dontneed(void)
{
	char *p = map(8, MAP_PRIVATE), *shared = map(2, MAP_SHARED), *file;
	int fd = open("remap.tmp", O_RDWR | O_CREAT | O_TRUNC, 0600);

	fill(p, 8, 30);
	CHECK_EQ(madvise(p + 2 * PAGE, 3 * PAGE, MADV_DONTNEED), 0);
	check_filled(p, 2, 30);
	for (int i = 2; i < 5; i++)
		CHECK_EQ(p[i * PAGE], 0);
	CHECK_EQ(p[5 * PAGE], 35);
	fill(shared, 2, 3);
	CHECK_EQ(madvise(shared, 2 * PAGE, MADV_DONTNEED), 0);
	check_filled(shared, 2, 3);
	CHECK_EQ(write(fd, "file", 4), 4);
	file = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(file != MAP_FAILED);
	file[0] = 'X';
	CHECK_EQ(madvise(file, PAGE, MADV_DONTNEED), 0);
	CHECK_EQ(file[0], 'f');
	CHECK_EQ(madvise(file, PAGE, MADV_WILLNEED), 0);
	CHECK_EQ(madvise(p, 8 * PAGE, MADV_WILLNEED), 0);
	CHECK_EQ(madvise(p, 8 * PAGE, MADV_SEQUENTIAL), 0);
	CHECK_ERROR(madvise(p, PAGE, 77), EINVAL);
	CHECK_ERROR(madvise(p + 1, PAGE, MADV_DONTNEED), EINVAL);
	CHECK_EQ(madvise(p, 0, MADV_DONTNEED), 0);
	CHECK_EQ(mlock(p, PAGE), 0);
	CHECK_ERROR(madvise(p, 2 * PAGE, MADV_DONTNEED), EINVAL);
	CHECK_EQ(p[0], 30);
	CHECK_EQ(munlock(p, PAGE), 0);
	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CHECK_ERROR(madvise(p, 3 * PAGE, MADV_DONTNEED), ENOMEM);
	CHECK_EQ(p[0], 0);
	munmap(p, 8 * PAGE);
	munmap(shared, 2 * PAGE);
	munmap(file, PAGE);
	close(fd);
	CHECK_EQ(unlink("remap.tmp"), 0);
}

static int resident(char *p, int pages)
{
	unsigned char in[64];
	int n = 0;

	CHECK_EQ(mincore(p, pages * PAGE, in), 0);
	for (int i = 0; i < pages; i++)
		n += in[i] & 1;
	return n;
}

static void test_populate_and_lock(void)
{
	char *p = map(10, MAP_PRIVATE), *q;

	CHECK_EQ(resident(p, 10), 0);
	CHECK_EQ(mlock2(p, 5 * PAGE, MLOCK_ONFAULT), 0);
	CHECK_EQ(resident(p, 10), 0);
	CHECK_ERROR(mlock2(p, PAGE, 2), EINVAL);
	CHECK_EQ(mlock(p, 4 * PAGE), 0);
	CHECK_EQ(resident(p, 10), 4);
	munmap(p, 10 * PAGE);
	p = map(10, MAP_PRIVATE | MAP_POPULATE);
	CHECK_EQ(resident(p, 10), 10);
	munmap(p, 10 * PAGE);
	CHECK_ERROR(mlockall(0), EINVAL);
	CHECK_ERROR(mlockall(8), EINVAL);
	CHECK_ERROR(mlockall(MCL_ONFAULT), EINVAL);
	p = map(6, MAP_PRIVATE);
	CHECK_EQ(mlockall(MCL_CURRENT | MCL_FUTURE), 0);
	CHECK_EQ(resident(p, 6), 6);
	q = map(6, MAP_PRIVATE);
	CHECK_EQ(resident(q, 6), 6);
	CHECK_EQ(munlockall(), 0);
	munmap(q, 6 * PAGE);
	q = map(6, MAP_PRIVATE);
	CHECK_EQ(resident(q, 6), 0);
	munmap(p, 6 * PAGE);
	munmap(q, 6 * PAGE);
	CHECK_ERROR(mincore(p + 1, PAGE, (unsigned char *)p), EINVAL);
}

/* Locked memory cannot be given back: that shows which parts are locked. */
static void test_lock_over_a_hole(void)
{
	char *p = map(3, MAP_PRIVATE);

	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CHECK_ERROR(mlock(p, 3 * PAGE), ENOMEM);
	CHECK_ERROR(madvise(p, PAGE, MADV_DONTNEED), EINVAL);
	CHECK_EQ(madvise(p + 2 * PAGE, PAGE, MADV_DONTNEED), 0);
	CHECK_EQ(mlock(p + 2 * PAGE, PAGE), 0);
	CHECK_ERROR(munlock(p, 3 * PAGE), ENOMEM);
	CHECK_EQ(madvise(p, PAGE, MADV_DONTNEED), 0);
	CHECK_ERROR(madvise(p + 2 * PAGE, PAGE, MADV_DONTNEED), EINVAL);
	CHECK_ERROR(munlock(p + PAGE, 2 * PAGE), ENOMEM);
	CHECK_ERROR(madvise(p + 2 * PAGE, PAGE, MADV_DONTNEED), EINVAL);
	munmap(p, 3 * PAGE);
}

static void test_place(void)
{
	char *p = map(4, MAP_PRIVATE);

	CHECK_REFUSED(mmap(p + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CHECK_AT(mmap(p + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), p + PAGE);
	munmap(p, 4 * PAGE);
}

static void test_zero_and_memfd(void)
{
	int zero = open("/dev/zero", O_RDWR), fd, status;
	char *private, *shared;

	CHECK(zero >= 0);
	private = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, zero, 0);
	CHECK(private != MAP_FAILED && shared != MAP_FAILED);
	close(zero);
	CHECK_EQ(private[PAGE], 0);
	if (fork() == 0) {
		private[0] = shared[0] = 'z';
		_exit(0);
	}
	CHECK(wait(&status) > 0);
	CHECK_EQ(private[0], 0);
	CHECK_EQ(shared[0], 'z');
	munmap(private, 2 * PAGE);
	munmap(shared, 2 * PAGE);
	fd = memfd_create("thing", MFD_CLOEXEC);
	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, 2 * PAGE), 0);
	shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(shared != MAP_FAILED);
	CHECK_EQ(pwrite(fd, "mem", 3, PAGE), 3);
	CHECK_EQ(shared[PAGE + 1], 'e');
	close(fd);
	CHECK_EQ(shared[PAGE + 2], 'm');
	munmap(shared, 2 * PAGE);
	CHECK_ERROR(memfd_create("x", 0x8000), EINVAL);
	CHECK_ERROR(memfd_create((char *)16, 0), EFAULT);
}

static char *move_and_keep(char *from, size_t size, int flags, char *to)
{
	return (char *)syscall(SYS_mremap, from, size, size, MREMAP_MAYMOVE | flags | 4 /* MREMAP_DONTUNMAP */, to);
}

/* The pages have moved, the old mapping has stayed; shared memory shows its pages in both places. */
static void test_keep(void)
{
	char *from = check_private(3), *to, *shared = check_shared(2), *fixed = check_private(3);

	from[PAGE] = 'a';
	CHECK_EQ(mlock(from, 2 * PAGE), 0);
	to = move_and_keep(from, 2 * PAGE, 0, NULL);
	CHECK((long)to > 0 || (long)to < -4096);
	CHECK(to != from);
	CHECK_EQ(to[PAGE], 'a');
	CHECK_EQ(from[PAGE], 0);
	from[PAGE] = 'b';
	CHECK_EQ(to[PAGE], 'a');
	CHECK_AT(move_and_keep(from + PAGE, PAGE, MREMAP_FIXED, fixed + PAGE), fixed + PAGE);
	CHECK_EQ(fixed[PAGE], 'b');
	CHECK_EQ(from[PAGE], 0);
	munmap(to, 2 * PAGE);
	to = move_and_keep(shared, 2 * PAGE, 0, NULL);
	to[0] = 'c';
	CHECK_EQ(shared[0], 'c');
	munmap(to, 2 * PAGE);
	munmap(from, 3 * PAGE);
	munmap(fixed, 3 * PAGE);
	munmap(shared, 2 * PAGE);
}

/* remap_file_pages: pages of one object in another order. */
static void test_windows(void)
{
	char *p = check_shared(4);

	for (int i = 0; i < 4; i++)
		p[i * PAGE] = '0' + i;
	for (int i = 0; i < 4; i++)
		CHECK_EQ(syscall(257, p + i * PAGE, PAGE, 0, 3 - i, 0), 0);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(p[i * PAGE], '3' - i);
	CHECK_EQ(syscall(257, p, PAGE, 0, 3, 0), 0);
	p[PAGE] = 'x';
	CHECK_EQ(syscall(257, p + 2 * PAGE, PAGE, 0, 2, 0), 0);
	CHECK_EQ(p[2 * PAGE], 'x');
	munmap(p, 4 * PAGE);
}

int main(void)
{
	test_keep();
	test_windows();
	test_resize();
	test_inherited();
	test_fixed();
	test_neighbours(1, 9, 1);
	test_neighbours(96, 16, 80);
	test_neighbours(16, 96, 80);
	test_shared();
	test_remap_refused();
	test_dontneed();
	test_populate_and_lock();
	test_lock_over_a_hole();
	test_place();
	test_zero_and_memfd();
	return CHECK_OK();
}
