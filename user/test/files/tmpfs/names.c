/*
 * names.c - links, directories, renaming, and listing a directory that changes meanwhile.
 */
#include "tmpfs.h"

#include "file.h"

#include <dirent.h>
#include <sys/syscall.h>

enum { LCHOWN = 198, RENAMEAT2 = 353, HERE = -100, NOREPLACE = 1, EXCHANGE = 2 };

void links(void)
{
	char text[64];
	int fd;

	file_make("a", "one");
	CHECK_EQ(link("a", "b"), 0);
	CHECK_EQ(file_stat("a").st_nlink, 2);
	CHECK_EQ(file_stat("a").st_ino, file_stat("b").st_ino);
	CHECK_ERROR(link("a", "b"), EEXIST);
	CHECK_ERROR(link(".", "c"), EPERM);
	CHECK_EQ(unlink("a"), 0);
	CHECK(file_holds("b", "one"));
	CHECK_EQ(file_stat("b").st_nlink, 1);
	fd = open("b", O_RDWR);
	CHECK_EQ(unlink("b"), 0);
	CHECK_EQ(pread(fd, text, 3, 0), 3);
	CHECK_EQ(write(fd, "two", 3), 3);
	close(fd);
	CHECK_EQ(symlink("target", "l"), 0);
	CHECK_ERROR(symlink("target", "l"), EEXIST);
	CHECK_EQ(readlink("l", text, sizeof(text)), 6);
	CHECK_EQ(file_stat("l").st_size, 6);
	CHECK_EQ(file_stat("l").st_mode, S_IFLNK | 0777);
	CHECK_EQ(syscall(LCHOWN, "l", 5, 6), 0);
	CHECK_EQ(file_stat("l").st_gid, 6);
	CHECK_ERROR(open("l", O_RDONLY), ENOENT);
	file_make("target", "three");
	CHECK(file_holds("l", "three"));
	CHECK_ERROR(open("l", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK_EQ(link("l", "m"), 0); /* the link itself */
	CHECK_EQ(file_stat("m").st_mode, S_IFLNK | 0777);
	CHECK_EQ(unlink("l"), 0);
	CHECK(file_holds("m", "three"));
	CHECK_EQ(unlink("m"), 0);
	CHECK_EQ(unlink("target"), 0);
}

void directories(void)
{
	char path[256];
	int fd;

	CHECK_EQ(mkdir("d", 0700), 0);
	CHECK_EQ(file_stat("d").st_nlink, 2);
	CHECK_EQ(mkdir("d/e", 0700), 0);
	CHECK_EQ(mkdir("d/e/f", 0700), 0);
	CHECK_EQ(file_stat("d").st_nlink, 3);
	CHECK_ERROR(mkdir("d/e", 0700), EEXIST);
	CHECK_ERROR(rmdir("d"), ENOTEMPTY);
	CHECK_ERROR(unlink("d"), EISDIR);
	CHECK_ERROR(rmdir("d/e/.."), ENOTEMPTY);
	CHECK_EQ(chdir("d/e/f"), 0);
	CHECK(strcmp(getcwd(path, sizeof(path)), "/dev/shm/tmpfs-test/d/e/f") == 0);
	/* Moved together with what is in it. */
	CHECK_EQ(rename("/dev/shm/tmpfs-test/d/e", "/dev/shm/tmpfs-test/e"), 0);
	CHECK(strcmp(getcwd(path, sizeof(path)), "/dev/shm/tmpfs-test/e/f") == 0);
	CHECK_EQ(file_stat("/dev/shm/tmpfs-test/d").st_nlink, 2);
	CHECK_EQ(file_stat("/dev/shm/tmpfs-test").st_nlink, 4);
	CHECK_ERROR(rename("../../e", "../../e/f/g"), EINVAL);
	/* Removed under one's feet: nothing is made there any more, and .. is where it was. */
	CHECK_EQ(rmdir("../f"), 0);
	CHECK_ERROR(mkdir("g", 0700), ENOENT);
	CHECK_ERROR(open("g", O_CREAT | O_RDWR, 0600), ENOENT);
	CHECK_EQ(file_stat(".").st_nlink, 0);
	CHECK_EQ(chdir(".."), 0);
	CHECK(strcmp(getcwd(path, sizeof(path)), "/dev/shm/tmpfs-test/e") == 0);
	CHECK_EQ(chdir("/dev/shm/tmpfs-test"), 0);
	CHECK_EQ(rmdir("e"), 0);
	file_make("a", "");
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
void renames(void)
{
	file_make("a", "A");
	file_make("b", "B");
	CHECK_EQ(mkdir("d", 0700), 0);
	CHECK_EQ(mkdir("e", 0700), 0);
	file_make("e/x", "X");
	CHECK_ERROR(rename("a", "d"), EISDIR);
	CHECK_ERROR(rename("d", "a"), ENOTDIR);
	CHECK_ERROR(rename("d", "e"), ENOTEMPTY);
	CHECK_ERROR(rename("e", "e/y"), EINVAL);
	CHECK_ERROR(rename("e/x", "e"), ENOTEMPTY);
	CHECK_ERROR(rename("none", "a"), ENOENT);
	CHECK_EQ(rename("e", "d"), 0);
	CHECK(file_holds("d/x", "X"));
	CHECK_ERROR(lstat("e", &(struct stat){ 0 }), ENOENT);
	CHECK_EQ(rename("a", "b"), 0);
	CHECK(file_holds("b", "A"));
	CHECK_EQ(link("b", "c"), 0);
	CHECK_EQ(rename("b", "c"), 0); /* the same file: nothing is done */
	CHECK_EQ(file_stat("b").st_nlink, 2);
	CHECK_EQ(unlink("c"), 0);
	file_make("c", "C");
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "b", HERE, "c", NOREPLACE), EEXIST);
	CHECK_EQ(syscall(RENAMEAT2, HERE, "b", HERE, "e", NOREPLACE), 0);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "c", HERE, "e", NOREPLACE | EXCHANGE), EINVAL);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "c", HERE, "none", EXCHANGE), ENOENT);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "c", HERE, "e", 8), EINVAL);
	CHECK_EQ(syscall(RENAMEAT2, HERE, "c", HERE, "e", EXCHANGE), 0);
	CHECK(file_holds("c", "A"));
	CHECK(file_holds("e", "C"));
	/* A file and a directory, in two directories: the links of both follow. */
	CHECK_EQ(mkdir("d/y", 0700), 0);
	file_make("d/y/z", "Z");
	CHECK_EQ(file_stat("d").st_nlink, 3);
	CHECK_EQ(syscall(RENAMEAT2, HERE, "d/y", HERE, "e", EXCHANGE), 0);
	CHECK(file_holds("e/z", "Z"));
	CHECK(file_holds("d/y", "C"));
	CHECK_EQ(file_stat("d").st_nlink, 2);
	CHECK_EQ(file_stat("e/..").st_ino, file_stat(".").st_ino);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "e", HERE, "e/z", EXCHANGE), EINVAL);
	CHECK_ERROR(syscall(RENAMEAT2, HERE, "e/z", HERE, "e", EXCHANGE), EINVAL);
	CHECK_EQ(unlink("e/z"), 0);
	CHECK_EQ(rmdir("e"), 0);
	CHECK_EQ(unlink("d/y"), 0);
	CHECK_EQ(unlink("d/x"), 0);
	CHECK_EQ(rmdir("d"), 0);
	CHECK_EQ(unlink("c"), 0);
}

/* A listing shows each name that stays exactly once, while other names are created and removed. */
void listing(void)
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
		file_make(name, "");
		snprintf(name, sizeof(name), "goes-%d", i);
		file_make(name, "");
	}
	d = opendir(".");
	for (int i = 0; (e = readdir(d)); i++) {
		if (i < NAMES) {
			snprintf(name, sizeof(name), "goes-%d", i);
			CHECK_EQ(unlink(name), 0);
			snprintf(name, sizeof(name), "comes-%d", i);
			file_make(name, "");
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
