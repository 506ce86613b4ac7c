/*
 * tmpfs - /dev/shm as a file system: names, directories, links, modes, owners and times, as on any other.
 */
#include "check.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { CHMOD = 15, CHOWN = 212, LCHOWN = 198, FCHOWN = 207, FCHMOD = 94, UMASK = 60, UTIMENSAT = 320, RENAMEAT2 = 353,
       STATFS64 = 268, ACCESS = 33, HERE = -100, NOREPLACE = 1, EXCHANGE = 2, OMIT = 0x3FFFFFFE, SET_ID = 06000 };

static struct stat status(const char *path)
{
	struct stat st;

	CHECK_EQ(lstat(path, &st), 0);
	return st;
}

static void make(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644), n = strlen(text);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, text, n), n);
	close(fd);
}

static bool holds(const char *path, const char *text)
{
	char found[64] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return false;
	CHECK(read(fd, found, sizeof(found) - 1) >= 0);
	close(fd);
	return strcmp(found, text) == 0;
}

static void modes_and_owners(void)
{
	int fd = open("a", O_RDWR | O_CREAT | O_EXCL, 0666);

	CHECK(fd >= 0);
	CHECK_EQ(status("a").st_mode, S_IFREG | 0644);
	CHECK_EQ(syscall(CHMOD, "a", 06777), 0);
	CHECK_EQ(syscall(FCHMOD, fd, SET_ID | 0750), 0);
	CHECK_EQ(status("a").st_mode, S_IFREG | SET_ID | 0750);
	CHECK_EQ(write(fd, "x", 1), 1); /* root keeps the bits, */
	CHECK_EQ(status("a").st_mode, S_IFREG | SET_ID | 0750);
	CHECK_EQ(syscall(CHOWN, "a", 1, -1), 0); /* but not over a change of the owner */
	CHECK_EQ(status("a").st_mode, S_IFREG | 0750);
	CHECK_EQ(status("a").st_uid, 1);
	CHECK_EQ(syscall(CHMOD, "a", SET_ID | 0640), 0);
	CHECK_EQ(syscall(FCHOWN, fd, -1, 7), 0);
	CHECK_EQ(status("a").st_mode, S_IFREG | 02640); /* a mark for locks, where the group may not execute */
	CHECK_EQ(status("a").st_gid, 7);
	CHECK_EQ(syscall(CHMOD, "a", 0), 0);
	CHECK_ERROR(syscall(ACCESS, "a", 1), EACCES);
	CHECK_EQ(syscall(ACCESS, "a", 6), 0);
	close(fd);
	CHECK_EQ(unlink("a"), 0);
	/* A directory with the mark gives its group, and the mark, to what is made there. */
	CHECK_EQ(mkdir("d", 0755), 0);
	CHECK_EQ(syscall(CHOWN, "d", 0, 9), 0);
	CHECK_EQ(syscall(CHMOD, "d", 02755), 0);
	make("d/a", "");
	CHECK_EQ(mkdir("d/d", 0777), 0);
	CHECK_EQ(status("d/a").st_gid, 9);
	CHECK_EQ(status("d/d").st_mode, S_IFDIR | 02755);
	CHECK_EQ(status("d/d").st_gid, 9);
	CHECK_EQ(unlink("d/a"), 0);
	CHECK_EQ(rmdir("d/d"), 0);
	CHECK_EQ(rmdir("d"), 0);
	CHECK_EQ(status("..").st_mode, S_IFDIR | 01777);
	CHECK_EQ(syscall(UMASK, 077), 022);
	make("a", "");
	CHECK_EQ(status("a").st_mode, S_IFREG | 0600);
	CHECK_EQ(syscall(UMASK, 022), 077);
	CHECK_EQ(unlink("a"), 0);
}

/* Both times of the last change, in nanoseconds. */
static uint64_t changed(const char *path)
{
	struct stat st = status(path);

	CHECK_EQ(st.st_mtime, st.st_ctime);
	CHECK_EQ(st.st_mtime_nsec, st.st_ctime_nsec);
	return st.st_mtime * 1000000000ull + st.st_mtime_nsec;
}

static void pause_for_the_clock(void)
{
	syscall(SYS_nanosleep, (uint32_t[2]){ 0, 20000000 }, NULL);
}

#define MOVES(path, call) \
	do { \
		uint64_t before_ = changed(path); \
		pause_for_the_clock(); \
		CHECK((call) >= 0); \
		CHECK(changed(path) > before_); \
	} while (0)

static void times(void)
{
	uint32_t chosen[2][2] = { { 11, 123456789 }, { 22, 999999999 } };
	struct stat st;
	char c;
	int fd;

	make("a", "text");
	fd = open("a", O_RDWR);
	MOVES("a", pwrite(fd, "T", 1, 0));
	MOVES("a", ftruncate(fd, 2));
	MOVES(".", link("a", "b"));
	MOVES(".", unlink("b"));
	MOVES(".", rename("a", "b"));
	MOVES(".", mkdir("d", 0700));
	CHECK_EQ(rmdir("d"), 0);
	CHECK_EQ(syscall(UTIMENSAT, HERE, "b", chosen, 0), 0);
	st = status("b");
	CHECK_EQ(st.st_atime, 11);
	CHECK_EQ(st.st_atime_nsec, 123456789);
	CHECK_EQ(st.st_mtime, 22);
	CHECK_EQ(st.st_mtime_nsec, 999999999);
	CHECK(st.st_ctime > 22);
	CHECK_EQ(pread(fd, &c, 1, 0), 1); /* it was older than the last change */
	CHECK(status("b").st_atime > 22);
	chosen[0][1] = OMIT;
	chosen[1][0] = 33;
	CHECK_EQ(syscall(UTIMENSAT, fd, NULL, chosen, 0), 0);
	CHECK(status("b").st_atime > 22);
	CHECK_EQ(status("b").st_mtime, 33);
	CHECK_EQ(syscall(UTIMENSAT, fd, NULL, NULL, 0), 0);
	CHECK(status("b").st_mtime > 33);
	close(fd);
	CHECK_EQ(unlink("b"), 0);
}

static void links(void)
{
	char text[64];
	int fd;

	make("a", "one");
	CHECK_EQ(link("a", "b"), 0);
	CHECK_EQ(status("a").st_nlink, 2);
	CHECK_EQ(status("a").st_ino, status("b").st_ino);
	CHECK_ERROR(link("a", "b"), EEXIST);
	CHECK_ERROR(link(".", "c"), EPERM);
	CHECK_EQ(unlink("a"), 0);
	CHECK(holds("b", "one"));
	CHECK_EQ(status("b").st_nlink, 1);
	fd = open("b", O_RDWR);
	CHECK_EQ(unlink("b"), 0);
	CHECK_EQ(pread(fd, text, 3, 0), 3);
	CHECK_EQ(write(fd, "two", 3), 3);
	close(fd);
	CHECK_EQ(symlink("target", "l"), 0);
	CHECK_ERROR(symlink("target", "l"), EEXIST);
	CHECK_EQ(readlink("l", text, sizeof(text)), 6);
	CHECK_EQ(status("l").st_size, 6);
	CHECK_EQ(status("l").st_mode, S_IFLNK | 0777);
	CHECK_EQ(syscall(LCHOWN, "l", 5, 6), 0);
	CHECK_EQ(status("l").st_gid, 6);
	CHECK_ERROR(open("l", O_RDONLY), ENOENT);
	make("target", "three");
	CHECK(holds("l", "three"));
	CHECK_ERROR(open("l", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK_EQ(link("l", "m"), 0); /* the link itself */
	CHECK_EQ(status("m").st_mode, S_IFLNK | 0777);
	CHECK_EQ(unlink("l"), 0);
	CHECK(holds("m", "three"));
	CHECK_EQ(unlink("m"), 0);
	CHECK_EQ(unlink("target"), 0);
}

static void directories(void)
{
	char path[256];
	int fd;

	CHECK_EQ(mkdir("d", 0700), 0);
	CHECK_EQ(status("d").st_nlink, 2);
	CHECK_EQ(mkdir("d/e", 0700), 0);
	CHECK_EQ(mkdir("d/e/f", 0700), 0);
	CHECK_EQ(status("d").st_nlink, 3);
	CHECK_ERROR(mkdir("d/e", 0700), EEXIST);
	CHECK_ERROR(rmdir("d"), ENOTEMPTY);
	CHECK_ERROR(unlink("d"), EISDIR);
	CHECK_ERROR(rmdir("d/e/.."), ENOTEMPTY);
	CHECK_EQ(chdir("d/e/f"), 0);
	CHECK(strcmp(getcwd(path, sizeof(path)), "/dev/shm/tmpfs-test/d/e/f") == 0);
	/* Moved together with what is in it. */
	CHECK_EQ(rename("/dev/shm/tmpfs-test/d/e", "/dev/shm/tmpfs-test/e"), 0);
	CHECK(strcmp(getcwd(path, sizeof(path)), "/dev/shm/tmpfs-test/e/f") == 0);
	CHECK_EQ(status("/dev/shm/tmpfs-test/d").st_nlink, 2);
	CHECK_EQ(status("/dev/shm/tmpfs-test").st_nlink, 4);
	CHECK_ERROR(rename("../../e", "../../e/f/g"), EINVAL);
	/* Removed under one's feet: nothing is made there any more, and .. is where it was. */
	CHECK_EQ(rmdir("../f"), 0);
	CHECK_ERROR(mkdir("g", 0700), ENOENT);
	CHECK_ERROR(open("g", O_CREAT | O_RDWR, 0600), ENOENT);
	CHECK_EQ(status(".").st_nlink, 0);
	CHECK_EQ(chdir(".."), 0);
	CHECK(strcmp(getcwd(path, sizeof(path)), "/dev/shm/tmpfs-test/e") == 0);
	CHECK_EQ(chdir("/dev/shm/tmpfs-test"), 0);
	CHECK_EQ(rmdir("e"), 0);
	make("a", "");
	CHECK_ERROR(mkdir("a/d", 0700), ENOTDIR);
	CHECK_ERROR(rmdir("a"), ENOTDIR);
	CHECK_EQ(unlink("a"), 0);
	fd = open("d", O_RDONLY | O_DIRECTORY);
	CHECK(fd >= 0);
	CHECK_ERROR(read(fd, path, 1), EISDIR);
	close(fd);
	CHECK_EQ(rmdir("d"), 0);
}

/* In the current directory, of whichever file system. */
static void renames(void)
{
	make("a", "A");
	make("b", "B");
	CHECK_EQ(mkdir("d", 0700), 0);
	CHECK_EQ(mkdir("e", 0700), 0);
	make("e/x", "X");
	CHECK_ERROR(rename("a", "d"), EISDIR);
	CHECK_ERROR(rename("d", "a"), ENOTDIR);
	CHECK_ERROR(rename("d", "e"), ENOTEMPTY);
	CHECK_ERROR(rename("e", "e/y"), EINVAL);
	CHECK_ERROR(rename("e/x", "e"), ENOTEMPTY);
	CHECK_ERROR(rename("none", "a"), ENOENT);
	CHECK_EQ(rename("e", "d"), 0);
	CHECK(holds("d/x", "X"));
	CHECK_ERROR(lstat("e", &(struct stat){ 0 }), ENOENT);
	CHECK_EQ(rename("a", "b"), 0);
	CHECK(holds("b", "A"));
	CHECK_EQ(link("b", "c"), 0);
	CHECK_EQ(rename("b", "c"), 0); /* the same file: nothing is done */
	CHECK_EQ(status("b").st_nlink, 2);
	CHECK_EQ(unlink("c"), 0);
	make("c", "C");
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "b", HERE, "c", NOREPLACE), EEXIST);
	CHECK_EQ(syscall(RENAMEAT2, HERE, "b", HERE, "e", NOREPLACE), 0);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "c", HERE, "e", NOREPLACE | EXCHANGE), EINVAL);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "c", HERE, "none", EXCHANGE), ENOENT);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "c", HERE, "e", 8), EINVAL);
	CHECK_EQ(syscall(RENAMEAT2, HERE, "c", HERE, "e", EXCHANGE), 0);
	CHECK(holds("c", "A"));
	CHECK(holds("e", "C"));
	/* A file and a directory, in two directories: the links of both follow. */
	CHECK_EQ(mkdir("d/y", 0700), 0);
	make("d/y/z", "Z");
	CHECK_EQ(status("d").st_nlink, 3);
	CHECK_EQ(syscall(RENAMEAT2, HERE, "d/y", HERE, "e", EXCHANGE), 0);
	CHECK(holds("e/z", "Z"));
	CHECK(holds("d/y", "C"));
	CHECK_EQ(status("d").st_nlink, 2);
	CHECK_EQ(status("e/..").st_ino, status(".").st_ino);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "e", HERE, "e/z", EXCHANGE), EINVAL);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "e/z", HERE, "e", EXCHANGE), EINVAL);
	CHECK_EQ(unlink("e/z"), 0);
	CHECK_EQ(rmdir("e"), 0);
	CHECK_EQ(unlink("d/y"), 0);
	CHECK_EQ(unlink("d/x"), 0);
	CHECK_EQ(rmdir("d"), 0);
	CHECK_EQ(unlink("c"), 0);
}

/* Who lists a directory sees each name that stays there once, while others come and go. */
static void listing(void)
{
	enum { NAMES = 200 };
	int seen[NAMES] = { 0 }, number;
	struct dirent *e;
	char name[32];
	DIR *d;

	CHECK_EQ(mkdir("many", 0700), 0);
	CHECK_EQ(chdir("many"), 0);
	for (int i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "stays-%d", i);
		make(name, "");
		snprintf(name, sizeof(name), "goes-%d", i);
		make(name, "");
	}
	d = opendir(".");
	for (int i = 0; (e = readdir(d)); i++) {
		if (i < NAMES) {
			snprintf(name, sizeof(name), "goes-%d", i);
			CHECK_EQ(unlink(name), 0);
			snprintf(name, sizeof(name), "comes-%d", i);
			make(name, "");
		}
		if (strncmp(e->d_name, "stays-", 6) == 0) {
			number = atoi(e->d_name + 6);
			CHECK(number >= 0 && number < NAMES);
			CHECK_EQ(seen[number]++, 0);
		}
	}
	closedir(d);
	for (int i = 0; i < NAMES; i++) {
		CHECK_EQ(seen[i], 1);
		snprintf(name, sizeof(name), "stays-%d", i);
		CHECK_EQ(unlink(name), 0);
		snprintf(name, sizeof(name), "comes-%d", i);
		CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(chdir(".."), 0);
	CHECK_EQ(rmdir("many"), 0);
}

/* What statfs64 tells: of Linux's struct the type, then blocks in all and free ones. */
static void space(void)
{
	struct { uint32_t type, block; uint64_t all, free, available, inodes, inodes_free; uint32_t rest[11]; } before, after;
	struct stat st;
	int fd;

	CHECK_EQ(syscall(STATFS64, "/dev/shm", 84, &before), 0);
	CHECK_EQ(before.type, 0x01021994);
	CHECK(before.all > 0 && before.free <= before.all && before.inodes > 0);
	make("a", "x");
	fd = open("a", O_RDWR);
	CHECK_EQ(ftruncate(fd, 100 * PAGE), 0);
	CHECK_EQ(pwrite(fd, "x", 1, 7 * PAGE), 1);
	CHECK_EQ(pwrite(fd, "x", 1, 90 * PAGE), 1);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_blocks, 3 * PAGE / 512);
	CHECK_EQ(syscall(STATFS64, "/dev/shm", 84, &after), 0);
	CHECK_EQ(after.free, before.free - 3);
	CHECK(after.inodes_free < before.inodes_free);
	CHECK_EQ(unlink("a"), 0);
	close(fd);
	CHECK_EQ(syscall(STATFS64, "/dev/shm", 84, &after), 0);
	CHECK_EQ(after.free, before.free);
	CHECK_EQ(after.inodes_free, before.inodes_free);
}

/* A name costs more where it has no neighbours in its directory: what lists the names counts too. On Linux a link is an inode. */
static void sparse(void)
{
	enum { STAY = 24, APART = 64 };
	struct { uint32_t type, block; uint64_t all, free, available, inodes, inodes_free; uint32_t rest[11]; } before, after;
	char name[32];

	make("first", "");
	CHECK_EQ(syscall(STATFS64, "/dev/shm", 84, &before), 0);
	for (int i = 0; i < STAY * APART; i++) {
		snprintf(name, sizeof(name), "%d", i);
		CHECK_EQ(link("first", name), 0);
		if (i % APART)
			CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(syscall(STATFS64, "/dev/shm", 84, &after), 0);
	CHECK(after.inodes_free <= before.inodes_free - STAY);
	for (int i = 0; i < STAY; i++) {
		snprintf(name, sizeof(name), "%d", i * APART);
		CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(syscall(STATFS64, "/dev/shm", 84, &after), 0);
	CHECK_EQ(after.inodes_free, before.inodes_free);
	CHECK_EQ(unlink("first"), 0);
}

/* What a name costs does not depend on how many there are: with this many a search through all of them would be felt. */
static void crowd(void)
{
	enum { NAMES = 10000 };
	int names = 0;
	char name[32];
	DIR *d;

	make("first", "");
	for (int i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		CHECK_EQ(link("first", name), 0);
	}
	CHECK_EQ(status("first").st_nlink, NAMES + 1);
	d = opendir(".");
	while (readdir(d))
		names++;
	closedir(d);
	CHECK_EQ(names, NAMES + 3);
	for (int i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(status("first").st_nlink, 1);
	CHECK_EQ(unlink("first"), 0);
}

int main(void)
{
	CHECK_EQ(mkdir("tmpfs-renames", 0755), 0);
	CHECK_EQ(chdir("tmpfs-renames"), 0);
	renames();
	CHECK_EQ(chdir(".."), 0);
	CHECK_EQ(rmdir("tmpfs-renames"), 0);
	CHECK_EQ(mkdir("/dev/shm/tmpfs-test", 0755), 0);
	CHECK_EQ(chdir("/dev/shm/tmpfs-test"), 0);
	modes_and_owners();
	times();
	links();
	directories();
	renames();
	listing();
	space();
	sparse();
	crowd();
	CHECK_EQ(chdir("/"), 0);
	CHECK_EQ(rmdir("/dev/shm/tmpfs-test"), 0);
	return CHECK_OK();
}
