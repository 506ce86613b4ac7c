/*
 * map-file - a file mapped privately: the same bytes as read() gives, zeros after its end,
 * stores that never reach the file.
 *
 * The file is this program's own executable, which exists everywhere.
 */
#include "check.h"

#include <sys/stat.h>

static char *bytes;			/* as read */
static size_t size, mapped;
static int fd;

static void read_file(const char *path)
{
	struct stat st;

	fd = open(path, O_RDONLY);
	CHECK(fd >= 0);
	CHECK_EQ(fstat(fd, &st), 0);
	size = st.st_size;
	mapped = (size + PAGE - 1) / PAGE * PAGE;
	bytes = malloc(size);
	CHECK_EQ(read(fd, bytes, size), (ssize_t)size);
}

static void same_as_read(void)
{
	char *p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	CHECK(p != MAP_FAILED);
	CHECK_EQ(memcmp(p, bytes, size), 0);
	for (size_t i = size; i < mapped; i++)
		CHECK_EQ(p[i], 0);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
	munmap(p, size);
}

static void from_an_offset(void)
{
	char *p = mmap(NULL, size - PAGE, PROT_READ, MAP_PRIVATE, fd, PAGE);

	CHECK(p != MAP_FAILED);
	CHECK_EQ(memcmp(p, bytes + PAGE, size - PAGE), 0);
	munmap(p, size - PAGE);
	CHECK_ERROR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 100), EINVAL);
}

static void stores_are_private(void)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), text[4];
	char *q = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	long long promote = check_counter("promote");

	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	CHECK_EQ(p[1], 'E');
	p[1] = 'X';
	CHECK_ROSE("promote", promote, 1);
	CHECK_EQ(p[0], bytes[0]);
	CHECK_EQ(memcmp(p + 2, bytes + 2, size - 2), 0);
	CHECK_EQ(q[1], 'E');
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	CHECK_EQ(read(fd, text, 4), 4);
	CHECK_EQ(text[1], 'E');
	CHECK_SIGNAL(check_store, p + 1, 0);
	CHECK_EQ(p[1], 'X');
	munmap(p, size);
	munmap(q, size);
}

static void beyond_the_end(void)
{
	char *p = mmap(NULL, mapped + 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	CHECK(p != MAP_FAILED);
	CHECK_SIGNAL(check_load, p + mapped - 1, 0);
	CHECK_SIGNAL(check_load, p + mapped, SIGBUS);
	CHECK_SIGNAL(check_store, p + mapped + PAGE, SIGBUS);
	CHECK_ERROR(write(fd, p + mapped, 1), EBADF);
	munmap(p, mapped + 2 * PAGE);
}

static void outlives_close(const char *path)
{
	int again = open(path, O_RDONLY);
	char *p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, again, 0);

	CHECK(p != MAP_FAILED);
	close(again);
	CHECK_EQ(memcmp(p, bytes, size), 0);
	munmap(p, size);
}

int main(int argc, char **argv)
{
	(void)argc;
	read_file(argv[0]);
	same_as_read();
	from_an_offset();
	stores_are_private();
	beyond_the_end();
	outlives_close(argv[0]);
	return CHECK_OK();
}
