/*
 * places.c - links in other contexts: relative to a directory's descriptor, as the name of a program, in /proc, and from one
 * file system to another.
 */
#include "links.h"

/* The calls with a directory's descriptor and flags. */
void test_at(void)
{
	struct stat st;
	char buf[20];
	int dir, fd;

	build();
	dir = open("full", O_RDONLY | O_DIRECTORY);
	CHECK(dir >= 0);
	SAY(syscall(SYS_SYMLINKAT, "../file", dir, "up"));
	SAY(syscall(SYS_READLINKAT, dir, "up", buf, sizeof(buf)));
	SAY(syscall(SYS_READLINKAT, dir, "", buf, sizeof(buf)));
	SAY(syscall(SYS_NEWFSTATAT, dir, "up", &st, 0));
	CHECK(S_ISREG(st.st_mode));
	SAY(syscall(SYS_NEWFSTATAT, dir, "up", &st, AT_NOFOLLOW));
	CHECK(S_ISLNK(st.st_mode));
	SAY(syscall(SYS_NEWFSTATAT, dir, "", &st, 0));
	SAY(syscall(SYS_NEWFSTATAT, dir, "", &st, AT_EMPTY));
	CHECK(S_ISDIR(st.st_mode));
	SAY(syscall(SYS_NEWFSTATAT, AT_CWD, "", &st, AT_EMPTY));
	CHECK(S_ISDIR(st.st_mode));
	SAY(syscall(SYS_NEWFSTATAT, 77, "", &st, AT_EMPTY));
	SAY(syscall(SYS_LINKAT, dir, "up", AT_CWD, "x", 0));
	CHECK(S_ISLNK(file_stat("x").st_mode));
	SAY(unlink("x"));
	SAY(syscall(SYS_LINKAT, dir, "up", AT_CWD, "x", AT_FOLLOW));
	CHECK(S_ISREG(file_stat("x").st_mode));
	CHECK_EQ(links_of("file"), 2);
	SAY(syscall(SYS_LINKAT, dir, "up", AT_CWD, "x", 1));
	SAY(syscall(SYS_LINKAT, 77, "up", AT_CWD, "x", 0));
	SAY(syscall(SYS_LINKAT, dir, "up", 77, "x", 0));
	SAY(syscall(SYS_LINKAT, dir, "", AT_CWD, "new", 0));
	SAY(syscall(SYS_LINKAT, dir, "", AT_CWD, "new", AT_EMPTY));
	fd = open("full/inner", O_RDONLY);
	SAY(syscall(SYS_LINKAT, fd, "x", AT_CWD, "new", 0));
	SAY(syscall(SYS_FACCESSAT2, dir, "up", 0, 1));
	close(fd);
	fd = syscall(SYS_OPENAT, dir, "up", O_RDONLY | LARGE);
	CHECK(fd >= 0);
	CHECK_EQ(read(fd, buf, sizeof(buf)), 8);
	close(fd);
	SAY(syscall(SYS_OPENAT, dir, "up", O_RDONLY | O_NOFOLLOW));
	SAY(syscall(SYS_UNLINKAT, dir, "up", AT_RMDIR));
	SAY(syscall(SYS_UNLINKAT, dir, "up", 0));
	close(dir);
	dir = open("to-full", O_RDONLY);
	CHECK_EQ(syscall(SYS_FCHDIR, dir), 0);
	CHECK(strcmp(file_text("inner"), "inner") == 0);
	close(dir);
	CHECK_EQ(chdir(scene), 0);
	CHECK_EQ(unlink("x"), 0);
	clear();
}

/* --- programs, /proc and other file systems ------------------------------------------------------------------------ */

static void run(void *path)
{
	execve(path, (char *[]){ path, "child", NULL }, environ);
}

void test_programs(void)
{
	char program[PATH_MAX];

	strcpy(program, target_of("/proc/self/exe"));
	CHECK_EQ(symlink(program, "program"), 0);
	CHECK_EQ(symlink("program", "program-2"), 0);
	CHECK_EQ(check_in_child(run, "./program-2"), 7 << 8);
	SAY(unlink("program"));
	CHECK_EQ(check_in_child(run, "./program-2"), 0);	/* dangling: execve returns */
	SAY(unlink("program-2"));
	CHECK_EQ(check_in_child(run, "/proc/self/exe"), 7 << 8);
}

void test_proc(void)
{
	char own[20], path[40], here[PATH_MAX];
	int fd;

	snprintf(own, sizeof(own), "%d", getpid());
	CHECK(S_ISLNK(file_stat("/proc/self").st_mode));
	CHECK_EQ(file_stat("/proc/self").st_size, 0);
	CHECK(strcmp(target_of("/proc/self"), own) == 0);
	CHECK(strcmp(target_of("/proc/self/cwd"), scene) == 0);
	CHECK(strcmp(target_of("/proc/self/root"), "/") == 0);
	file_make("a", "alpha");
	fd = open("a", O_RDONLY);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	snprintf(here, sizeof(here), "%s/a", scene);
	CHECK(strcmp(target_of(path), here) == 0);
	CHECK(strcmp(file_text(path), "alpha") == 0);
	CHECK_EQ(link("a", "b"), 0);
	CHECK_EQ(link("b", "c"), 0);
	CHECK_EQ(unlink("b"), 0);
	CHECK(strcmp(target_of(path), here) == 0);
	CHECK_EQ(unlink("a"), 0);
	CHECK(strncmp(target_of(path), here, strlen(here)) == 0);
	CHECK(strcmp(target_of(path) + strlen(here), " (deleted)") == 0);
	close(fd);
	CHECK_EQ(open("c", O_RDONLY), fd);
	here[strlen(here) - 1] = 'c';
	CHECK(strcmp(target_of(path), here) == 0);
	close(fd);
	SAY(do_lstat(path));
	SAY(do_lstat("/proc/self/fd/00"));
	SAY(do_lstat("/proc/self/fd/x"));
	SAY(unlink("c"));
	SAY(link("/proc/self/status", "new"));
	SAY(do_create_new("/proc/self"));
}

void test_other_file_systems(void)
{
	file_make("a", "alpha");
	SAY(link("a", "/dev/shm/links-test"));
	SAY(link("/dev/null", "a"));
	SAY(link("/dev/null", "new"));
	SAY(symlink("/dev/shm", "shm"));
	file_make("shm/links-test", "shared");
	CHECK(strcmp(file_text("/dev/shm/links-test"), "shared") == 0);
	SAY(link("shm/links-test", "new"));
	SAY(rename("a", "shm/links-test"));
	SAY(unlink("shm/links-test"));
	SAY(unlink("shm"));
	SAY(unlink("a"));
}
