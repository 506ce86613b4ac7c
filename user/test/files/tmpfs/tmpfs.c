/*
 * tmpfs - /dev/shm as a file system: names, directories, links, modes, owners and times, as on any other.
 * names.c: links, directories, renaming, lists. room.c: what it takes of memory.
 */
#include "tmpfs.h"

#include "file.h"

#include <sys/syscall.h>

enum { CHMOD = 15, CHOWN = 212, FCHOWN = 207, FCHMOD = 94, UMASK = 60, UTIMENSAT = 320, ACCESS = 33, HERE = -100,
       OMIT = 0x3FFFFFFE, SET_ID = 06000 };

static void modes_and_owners(void)
{
	int fd = open("a", O_RDWR | O_CREAT | O_EXCL, 0666);

	CHECK(fd >= 0);
	CHECK_EQ(file_stat("a").st_mode, S_IFREG | 0644);
	CHECK_EQ(syscall(CHMOD, "a", 06777), 0);
	CHECK_EQ(syscall(FCHMOD, fd, SET_ID | 0750), 0);
	CHECK_EQ(file_stat("a").st_mode, S_IFREG | SET_ID | 0750);
	CHECK_EQ(write(fd, "x", 1), 1); /* root keeps the bits, */
	CHECK_EQ(file_stat("a").st_mode, S_IFREG | SET_ID | 0750);
	CHECK_EQ(syscall(CHOWN, "a", 1, -1), 0); /* but not over a change of the owner */
	CHECK_EQ(file_stat("a").st_mode, S_IFREG | 0750);
	CHECK_EQ(file_stat("a").st_uid, 1);
	CHECK_EQ(syscall(CHMOD, "a", SET_ID | 0640), 0);
	CHECK_EQ(syscall(FCHOWN, fd, -1, 7), 0);
	CHECK_EQ(file_stat("a").st_mode, S_IFREG | 02640); /* a mark for locks, where the group may not execute */
	CHECK_EQ(file_stat("a").st_gid, 7);
	CHECK_EQ(syscall(CHMOD, "a", 0), 0);
	CHECK_ERROR(syscall(ACCESS, "a", 1), EACCES);
	CHECK_EQ(syscall(ACCESS, "a", 6), 0);
	close(fd);
	CHECK_EQ(unlink("a"), 0);
	/* A directory with the mark gives its group, and the mark, to what is made there. */
	CHECK_EQ(mkdir("d", 0755), 0);
	CHECK_EQ(syscall(CHOWN, "d", 0, 9), 0);
	CHECK_EQ(syscall(CHMOD, "d", 02755), 0);
	file_make("d/a", "");
	CHECK_EQ(mkdir("d/d", 0777), 0);
	CHECK_EQ(file_stat("d/a").st_gid, 9);
	CHECK_EQ(file_stat("d/d").st_mode, S_IFDIR | 02755);
	CHECK_EQ(file_stat("d/d").st_gid, 9);
	CHECK_EQ(unlink("d/a"), 0);
	CHECK_EQ(rmdir("d/d"), 0);
	CHECK_EQ(rmdir("d"), 0);
	CHECK_EQ(file_stat("..").st_mode, S_IFDIR | 01777);
	CHECK_EQ(syscall(UMASK, 077), 022);
	file_make("a", "");
	CHECK_EQ(file_stat("a").st_mode, S_IFREG | 0600);
	CHECK_EQ(syscall(UMASK, 022), 077);
	CHECK_EQ(unlink("a"), 0);
}

/* Both times of the last change, in nanoseconds. */
static uint64_t changed(const char *path)
{
	struct stat st = file_stat(path);

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

	file_make("a", "text");
	fd = open("a", O_RDWR);
	MOVES("a", pwrite(fd, "T", 1, 0));
	MOVES("a", ftruncate(fd, 2));
	MOVES(".", link("a", "b"));
	MOVES(".", unlink("b"));
	MOVES(".", rename("a", "b"));
	MOVES(".", mkdir("d", 0700));
	CHECK_EQ(rmdir("d"), 0);
	CHECK_EQ(syscall(UTIMENSAT, HERE, "b", chosen, 0), 0);
	st = file_stat("b");
	CHECK_EQ(st.st_atime, 11);
	CHECK_EQ(st.st_atime_nsec, 123456789);
	CHECK_EQ(st.st_mtime, 22);
	CHECK_EQ(st.st_mtime_nsec, 999999999);
	CHECK(st.st_ctime > 22);
	CHECK_EQ(pread(fd, &c, 1, 0), 1); /* it was older than the last change */
	CHECK(file_stat("b").st_atime > 22);
	chosen[0][1] = OMIT;
	chosen[1][0] = 33;
	CHECK_EQ(syscall(UTIMENSAT, fd, NULL, chosen, 0), 0);
	CHECK(file_stat("b").st_atime > 22);
	CHECK_EQ(file_stat("b").st_mtime, 33);
	CHECK_EQ(syscall(UTIMENSAT, fd, NULL, NULL, 0), 0);
	CHECK(file_stat("b").st_mtime > 33);
	close(fd);
	CHECK_EQ(unlink("b"), 0);
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
