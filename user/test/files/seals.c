/*
 * seals - seals of a file in memory, which fix its length or its contents for good.
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>

enum { FALLOCATE = 324, PUNCH = 3, ALLOW = 2, ADD = 1033, GET = 1034 };
enum { SEAL = 1, SHRINK = 2, GROW = 4, WRITE = 8, FUTURE = 16 };

static long add(int fd, int seals)
{
	return syscall(221, fd, ADD, seals);
}

static long seals_of(int fd)
{
	return syscall(221, fd, GET, 0);
}

static int make(void)
{
	int fd = memfd_create("seals", ALLOW);

	CHECK(fd >= 0);
	CHECK_EQ(pwrite(fd, "text", 4, 2 * PAGE - 2), 4); /* 2 pages and 2 bytes */
	CHECK_EQ(seals_of(fd), 0);
	return fd;
}

static void *map(int fd, int prot, int flags)
{
	return mmap(NULL, 2 * PAGE, prot, flags, fd, 0);
}

static long punch(int fd)
{
	return syscall(FALLOCATE, fd, PUNCH, 0, 0, PAGE, 0);
}

static int open_again(int fd, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags);
}

static void sizes(void)
{
	char buffer[2 * PAGE];
	int fd = make();

	memset(buffer, 'b', sizeof(buffer));
	CHECK_EQ(add(fd, SHRINK), 0);
	CHECK_ERROR(ftruncate(fd, PAGE), EPERM);
	CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
	CHECK_EQ(punch(fd), 0);
	CHECK_EQ(add(fd, GROW), 0);
	CHECK_EQ(seals_of(fd), SHRINK | GROW);
	CHECK_ERROR(ftruncate(fd, 4 * PAGE), EPERM);
	CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
	CHECK_ERROR(syscall(FALLOCATE, fd, 0, 0, 0, 4 * PAGE, 0), EPERM);
	CHECK_EQ(pwrite(fd, buffer, sizeof(buffer), 2 * PAGE), PAGE); /* as far as it reaches */
	CHECK_ERROR(pwrite(fd, buffer, 1, 3 * PAGE), EPERM);
	CHECK_EQ(pwrite(fd, buffer, 1, 3 * PAGE - 1), 1);
	close(fd);
}

static void contents(void)
{
	int fd = make(), reader;
	char *p = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED), c, *q;

	CHECK(p != MAP_FAILED);
	CHECK_ERROR(add(fd, WRITE), EBUSY);
	CHECK_EQ(seals_of(fd), 0);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	q = map(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	CHECK(q != MAP_FAILED);
	CHECK_EQ(add(fd, WRITE), 0);
	CHECK_ERROR(pwrite(fd, "x", 1, 0), EPERM);
	CHECK_ERROR(punch(fd), EPERM);
	CHECK_EQ(ftruncate(fd, 3 * PAGE), 0); /* that is another seal */
	CHECK_EQ(pread(fd, &c, 1, 2 * PAGE), 1);
	CHECK_EQ(c, 'x');
	CHECK_AT(map(fd, PROT_READ | PROT_WRITE, MAP_SHARED), MAP_FAILED);
	CHECK_EQ(errno, EPERM);
	q[0] = 'q'; /* a copy */
	CHECK_EQ(pread(fd, &c, 1, 0), 1);
	CHECK_EQ(c, 0);
	CHECK_EQ(munmap(q, 2 * PAGE), 0);
	p = map(fd, PROT_READ, MAP_SHARED); /* of a writable descriptor: read-only for good */
	CHECK(p != MAP_FAILED);
	CHECK_ERROR(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	reader = open_again(fd, O_RDONLY);
	CHECK(reader >= 0);
	p = map(reader, PROT_READ, MAP_SHARED);
	CHECK(p != MAP_FAILED);
	CHECK_EQ(p[2 * PAGE - 2], 't');
	CHECK_ERROR(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES);
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	CHECK_ERROR(add(reader, GROW), EPERM);
	CHECK_EQ(add(fd, SEAL), 0);
	CHECK_ERROR(add(fd, GROW), EPERM);
	CHECK_EQ(seals_of(reader), WRITE | SEAL);
	close(reader);
	close(fd);
}

/* Existing writable mappings may still store, no new ones can be made. */
static void from_now_on(void)
{
	int fd = make();
	char *p = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED), *q, c;

	CHECK_EQ(add(fd, FUTURE), 0);
	p[5] = 'p';
	CHECK_EQ(pread(fd, &c, 1, 5), 1);
	CHECK_EQ(c, 'p');
	CHECK_ERROR(pwrite(fd, "x", 1, 0), EPERM);
	CHECK_ERROR(punch(fd), EPERM);
	CHECK_AT(map(fd, PROT_READ | PROT_WRITE, MAP_SHARED), MAP_FAILED);
	CHECK_EQ(errno, EPERM);
	q = map(fd, PROT_READ, MAP_SHARED);
	CHECK(q != MAP_FAILED);
	CHECK_EQ(q[5], 'p');
	CHECK_ERROR(mprotect(q, PAGE, PROT_READ | PROT_WRITE), EACCES);
	CHECK_ERROR(madvise(p, PAGE, 9), EPERM); /* MADV_REMOVE */
	CHECK_EQ(munmap(p, 2 * PAGE), 0);
	CHECK_EQ(munmap(q, 2 * PAGE), 0);
	close(fd);
}

static void others(void)
{
	int fd = memfd_create("none", 0), disk = open(".", O_RDONLY), file = open("/dev/shm/seals", O_RDWR | O_CREAT, 0600);
	struct stat st;

	CHECK_EQ(seals_of(fd), SEAL);
	CHECK_ERROR(add(fd, GROW), EPERM);
	CHECK_EQ(seals_of(file), SEAL);
	CHECK_ERROR(add(file, GROW), EPERM);
	CHECK_ERROR(seals_of(disk), EINVAL);
	CHECK_ERROR(seals_of(77), EBADF);
	CHECK_ERROR(add(make(), 0x1000), EINVAL);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0777);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_EQ(syscall(94, fd, 0600), 0);   /* fchmod */
	CHECK_EQ(syscall(207, fd, 3, 4), 0);  /* fchown */
	CHECK_EQ(syscall(320, fd, NULL, (uint32_t[4]){ 1, 2, 3, 4 }, 0), 0); /* utimensat */
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0600);
	CHECK_EQ(st.st_gid, 4);
	CHECK_EQ(st.st_mtime, 3);
	CHECK_EQ(st.st_mtime_nsec, 4);
	CHECK_EQ(unlink("/dev/shm/seals"), 0);
}

/* Opened again through /proc it is the same file, with a position of its own. */
static void opened_again(void)
{
	int fd = make(), other = open_again(fd, O_RDWR);
	char text[64], path[32];

	CHECK(other >= 0);
	CHECK_EQ(lseek(fd, 3, SEEK_SET), 3);
	CHECK_EQ(lseek(other, 0, SEEK_CUR), 0);
	CHECK_EQ(pwrite(other, "new", 3, 0), 3);
	CHECK_EQ(pread(fd, text, 3, 0), 3);
	CHECK_EQ(memcmp(text, "new", 3), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	memset(text, 0, sizeof(text));
	CHECK(readlink(path, text, sizeof(text) - 1) > 0);
	CHECK(strcmp(text, "/memfd:seals (deleted)") == 0);
	close(fd);
	close(other);
}

int main(void)
{
	sizes();
	contents();
	from_now_on();
	others();
	opened_again();
	return CHECK_OK();
}
