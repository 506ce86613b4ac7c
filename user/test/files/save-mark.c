/*
 * save-mark - prints a line when data must be on the disk, for a test that stops the machine at that moment.
 *
 * `save-mark stay` saves one file by fsync, one by msync, one under a new name in a new folder and its further names of
 * either kind, prints "saved", and then continues with stores that need not be kept. Without an argument it ends after that.
 */
#include "check.h"

#include <sys/stat.h>

enum { PAGES = 40 };

static char buf[PAGES * PAGE];

static void fill(char *to, char first)
{
	for (int i = 0; i < PAGES * PAGE; i++)
		to[i] = first + i / 1000 % 20;
}

static int make(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);

	CHECK(fd >= 0);
	return fd;
}

static void by_fsync(const char *name, char first)
{
	int fd = make(name);

	fill(buf, first);
	CHECK_EQ(write(fd, buf, sizeof(buf)), sizeof(buf));
	CHECK_EQ(fsync(fd), 0);
	close(fd);
}

static char *by_msync(const char *name)
{
	int fd = make(name);
	char *p;

	CHECK_EQ(ftruncate(fd, sizeof(buf)), 0);
	p = mmap(NULL, sizeof(buf), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	close(fd);
	fill(p, 'A');
	CHECK_EQ(msync(p, sizeof(buf), MS_SYNC), 0);
	return p;
}

/* A name beside the other, and one of a symbolic link whose target needs a block. */
static void make_links(void)
{
	static char target[1001];

	memset(target, 'w', sizeof(target) - 1);
	CHECK_EQ(link("folder/new-name", "folder/other-name"), 0);
	CHECK_EQ(symlink(target, "folder/way"), 0);
}

static void write_for_ever(void)
{
	for (int i = 0;; i++) {
		int fd = make("rubbish");

		CHECK_EQ(write(fd, buf, i % sizeof(buf)), i % sizeof(buf));
		close(fd);
	}
}

int main(int argc, char **argv)
{
	char *p;

	(void)argv;
	by_fsync("by-fsync", 'a');
	p = by_msync("by-msync");
	mkdir("folder", 0755);
	by_fsync("folder/old-name", '0');
	CHECK_EQ(rename("folder/old-name", "folder/new-name"), 0);
	make_links();
	by_fsync("by-fsync-2", 'k');
	printf("saved\n");
	fflush(stdout);
	if (argc > 1)
		write_for_ever();
	munmap(p, sizeof(buf));
	unlink("by-fsync");
	unlink("by-fsync-2");
	unlink("by-msync");
	unlink("folder/new-name");
	unlink("folder/other-name");
	unlink("folder/way");
	CHECK_EQ(rmdir("folder"), 0);
	return CHECK_OK();
}
