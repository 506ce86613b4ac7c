/*
 * room.c - what files and names in memory take of it, by statfs64, and that a name's cost does not depend on their number.
 */
#include "tmpfs.h"

#include "file.h"

#include <dirent.h>
#include <sys/syscall.h>

enum { STATFS64 = 268 };

/* The beginning of Linux's struct statfs64, then its rest. */
struct space {
	uint32_t type, block;
	uint64_t all, free, available, inodes, inodes_free;
	uint32_t rest[9];
};

static struct space space_now(void)
{
	struct space s;

	CHECK_EQ(syscall(STATFS64, "/dev/shm", sizeof(s), &s), 0);
	return s;
}

void space(void)
{
	struct space before, after;
	struct stat st;
	int fd;

	before = space_now();
	CHECK_EQ(before.type, 0x01021994);
	CHECK(before.all > 0 && before.free <= before.all && before.inodes > 0);
	file_make("a", "x");
	fd = open("a", O_RDWR);
	CHECK_EQ(ftruncate(fd, 100 * PAGE), 0);
	CHECK_EQ(pwrite(fd, "x", 1, 7 * PAGE), 1);
	CHECK_EQ(pwrite(fd, "x", 1, 90 * PAGE), 1);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_blocks, 3 * PAGE / 512);
	after = space_now();
	CHECK_EQ(after.free, before.free - 3);
	CHECK(after.inodes_free < before.inodes_free);
	CHECK_EQ(unlink("a"), 0);
	close(fd);
	after = space_now();
	CHECK_EQ(after.free, before.free);
	CHECK_EQ(after.inodes_free, before.inodes_free);
}

/* A name costs more where it has no neighbours in its directory: what lists the names counts too. On Linux a link is an inode. */
void sparse(void)
{
	enum { STAY = 24, APART = 64 };
	struct space before, after;
	char name[32];

	file_make("first", "");
	before = space_now();
	for (int i = 0; i < STAY * APART; i++) {
		snprintf(name, sizeof(name), "%d", i);
		CHECK_EQ(link("first", name), 0);
		if (i % APART)
			CHECK_EQ(unlink(name), 0);
	}
	after = space_now();
	CHECK(after.inodes_free <= before.inodes_free - STAY);
	for (int i = 0; i < STAY; i++) {
		snprintf(name, sizeof(name), "%d", i * APART);
		CHECK_EQ(unlink(name), 0);
	}
	after = space_now();
	CHECK_EQ(after.inodes_free, before.inodes_free);
	CHECK_EQ(unlink("first"), 0);
}

/* What a name costs does not depend on how many there are: with this many a search through all of them would be felt. */
void crowd(void)
{
	enum { NAMES = 10000 };
	int names = 0;
	char name[32];
	DIR *d;

	file_make("first", "");
	for (int i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		CHECK_EQ(link("first", name), 0);
	}
	CHECK_EQ(file_stat("first").st_nlink, NAMES + 1);
	d = opendir(".");
	while (readdir(d))
		names++;
	closedir(d);
	CHECK_EQ(names, NAMES + 3);
	for (int i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(file_stat("first").st_nlink, 1);
	CHECK_EQ(unlink("first"), 0);
}
