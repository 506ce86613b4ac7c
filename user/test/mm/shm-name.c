/*
 * shm-name - memory with a name in /dev/shm: shared by unrelated tasks, and usable as
 * a file.
 */
#include "check.h"

#include <sys/stat.h>

enum { PAGES = 5, SIZE = PAGES * PAGE - 100 };

static const char name[] = "/shm-name-test";
static char *self;

static char *map_object(int fd, int prot, int flags)
{
	char *p = mmap(NULL, PAGES * PAGE, prot, flags, fd, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

/* Runs as another program, which has only the name. */
static int stranger(void)
{
	int fd = shm_open(name, O_RDWR, 0);
	char *p;

	CHECK(fd >= 0);
	p = map_object(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
	close(fd);
	CHECK_EQ(strcmp(p + PAGE, "for the stranger"), 0);
	strcpy(p + 2 * PAGE, "from the stranger");
	return 0;
}

static void start_stranger(void *unused)
{
	char *argv[] = { self, "stranger", NULL };

	(void)unused;
	execve(self, argv, environ);
	CHECK_EQ(errno, 0);
}

static void as_memory(int fd)
{
	char *p = map_object(fd, PROT_READ | PROT_WRITE, MAP_SHARED), *q;

	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(p[i * PAGE], 0);
	strcpy(p + PAGE, "for the stranger");
	CHECK_SIGNAL(start_stranger, NULL, 0);
	CHECK_EQ(strcmp(p + 2 * PAGE, "from the stranger"), 0);
	/* Mapped twice here: the same memory at two addresses. */
	q = map_object(fd, PROT_READ, MAP_SHARED);
	p[3 * PAGE] = 'q';
	CHECK_EQ(q[3 * PAGE], 'q');
	CHECK_SIGNAL(check_store, q, SIGSEGV);
	CHECK_EQ(munmap(q, PAGES * PAGE), 0);
	/* Privately: sees the contents, and keeps its own stores to itself. */
	q = map_object(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	CHECK_EQ(q[3 * PAGE], 'q');
	q[3 * PAGE] = 'r';
	CHECK_EQ(p[3 * PAGE], 'q');
	CHECK_EQ(munmap(q, PAGES * PAGE), 0);
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
}

static void as_a_file(int fd)
{
	char text[32];
	struct stat st;

	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, SIZE);
	CHECK(S_ISREG(st.st_mode));
	CHECK_EQ(lseek(fd, PAGE, SEEK_SET), PAGE);
	CHECK_EQ(read(fd, text, 17), 17);
	CHECK_EQ(strcmp(text, "for the stranger"), 0);
	CHECK_EQ(lseek(fd, -5, SEEK_END), SIZE - 5);
	CHECK_EQ(read(fd, text, 32), 5);
	CHECK_EQ(read(fd, text, 32), 0);
	CHECK_EQ(lseek(fd, 4 * PAGE - 3, SEEK_SET), 4 * PAGE - 3);
	CHECK_EQ(write(fd, "abcdef", 6), 6);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, SIZE);
}

/* Beyond the end of the object there is no memory: SIGBUS, until it grows. */
static void beyond_the_end(int fd)
{
	char *p = map_object(fd, PROT_READ | PROT_WRITE, MAP_SHARED);

	CHECK_EQ(ftruncate(fd, 2 * PAGE), 0);
	CHECK_SIGNAL(check_load, p + 2 * PAGE - 1, 0);
	CHECK_SIGNAL(check_load, p + 2 * PAGE, SIGBUS);
	CHECK_SIGNAL(check_store, p + 4 * PAGE, SIGBUS);
	CHECK_EQ(ftruncate(fd, SIZE), 0);
	CHECK_EQ(p[4 * PAGE - 3], 0);
	p[4 * PAGE] = 'g';
	/* Truncated within a page: the bytes after that are zero when it grows again. */
	memset(p, 'x', PAGE);
	CHECK_EQ(ftruncate(fd, 100), 0);
	CHECK_EQ(ftruncate(fd, SIZE), 0);
	CHECK_EQ(p[99], 'x');
	CHECK_EQ(p[100], 0);
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
}

/* Without a name and without a descriptor, the memory exists as long as it is mapped. */
static void outlives_its_name(int fd)
{
	char *p = map_object(fd, PROT_READ | PROT_WRITE, MAP_SHARED);

	CHECK_EQ(shm_unlink(name), 0);
	CHECK_EQ(close(fd), 0);
	CHECK_ERROR(shm_open(name, O_RDWR, 0), ENOENT);
	CHECK_ERROR(shm_unlink(name), ENOENT);
	strcpy(p, "alive");
	CHECK_EQ(strcmp(p, "alive"), 0);
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	CHECK(fd >= 0);
	CHECK_ERROR(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	CHECK_EQ(ftruncate(fd, PAGE), 0);
	CHECK_EQ(munmap(p, PAGES * PAGE), 0);
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	CHECK_EQ(p[0], 0);
	CHECK_EQ(shm_unlink(name), 0);
	close(fd);
}

static void rights(void)
{
	int fd = shm_open(name, O_RDWR | O_CREAT, 0600), reader;

	CHECK_EQ(ftruncate(fd, PAGE), 0);
	reader = shm_open(name, O_RDONLY, 0);
	CHECK(reader >= 0);
	CHECK_ERROR(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0), EACCES);
	CHECK_ERROR(write(reader, "x", 1), EBADF);
	CHECK_ERROR(ftruncate(reader, 0), EINVAL);
	CHECK_ERROR(ftruncate(fd, -1), EINVAL);
	CHECK_EQ(shm_unlink(name), 0);
	close(fd);
	close(reader);
}

int main(int argc, char **argv)
{
	int fd;

	self = argv[0];
	if (argc > 1)
		return stranger();
	shm_unlink(name);
	fd = shm_open(name, O_RDWR | O_CREAT, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, SIZE), 0);
	as_memory(fd);
	as_a_file(fd);
	beyond_the_end(fd);
	outlives_its_name(fd);
	rights();
	return CHECK_OK();
}
