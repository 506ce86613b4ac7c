/*
 * links - hard and symbolic links: each call on each kind of path, and what becomes of names, contents and counts.
 *
 * Every result is printed, so that who compares them with Linux's sees the first that differs; what must hold in any
 * case is checked as well. Arguments: `keep` leaves some links for who looks at the disk afterwards.
 */
#include "check.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { SYS_LCHOWN = 198, SYS_FCHDIR = 133, SYS_UTIMENSAT = 320, SYS_TRUNCATE64 = 193, SYS_ACCESS = 33, SYS_CHMOD = 15 };
enum { SYS_OPENAT = 295, SYS_NEWFSTATAT = 300, SYS_UNLINKAT = 301, SYS_LINKAT = 303, SYS_SYMLINKAT = 304 };
enum { SYS_READLINKAT = 305, SYS_FACCESSAT2 = 439, SYS_RENAMEAT2 = 353 };
enum { AT_CWD = -100, AT_NOFOLLOW = 0x100, AT_FOLLOW = 0x400, AT_EMPTY = 0x1000, AT_RMDIR = 0x200, LARGE = 0100000 };

static char scene[PATH_MAX];	/* the folder where all happens */

static void say(const char *what, const char *path, long result)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ EPERM, "EPERM" },	{ ENOENT, "ENOENT" },	    { EEXIST, "EEXIST" },   { EXDEV, "EXDEV" },
		{ ENOTDIR, "ENOTDIR" }, { EISDIR, "EISDIR" },	    { EINVAL, "EINVAL" },   { EMLINK, "EMLINK" },
		{ ELOOP, "ELOOP" },	{ ENOTEMPTY, "ENOTEMPTY" }, { EACCES, "EACCES" },   { EBUSY, "EBUSY" },
		{ EFAULT, "EFAULT" },	{ EBADF, "EBADF" },	    { ENAMETOOLONG, "ENAMETOOLONG" },
	};

	for (size_t i = 0; result < 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == errno) {
			printf("%s %s: %s\n", what, path, names[i].name);
			return;
		}
	}
	if (result < 0)
		printf("%s %s: errno %d\n", what, path, errno);
	else
		printf("%s %s: %ld\n", what, path, result);
}

#define SAY(call) say(#call, "", call)

static void make(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static const char *text_of(const char *name)
{
	static char buf[100];
	int fd = open(name, O_RDONLY), n = fd < 0 ? 0 : read(fd, buf, sizeof(buf) - 1);

	buf[n < 0 ? 0 : n] = '\0';
	if (fd >= 0)
		close(fd);
	return buf;
}

static struct stat stat_of(const char *name)
{
	struct stat st;

	CHECK_EQ(lstat(name, &st), 0);
	return st;
}

static int links_of(const char *name)
{
	return stat_of(name).st_nlink;
}

static const char *target_of(const char *name)
{
	static char buf[PATH_MAX];
	int n = readlink(name, buf, sizeof(buf) - 1);

	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

static long do_list(const char *path)
{
	DIR *d = opendir(path);
	int count = 0;

	if (!d)
		return -1;
	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

/* --- what is here, before each call and after it ------------------------------------------------------------------- */

static const char *const names[] = {
	"file", "dir", "full", "full/inner", "to-file", "to-dir", "to-full", "to-slash", "to-link", "dangling", "far", "loop",
	"loop-2", "through", "new", "target", "dir/new", "full/file", "x", "dir/x", "full/x",
	"x/inner",
};

static void build(void)
{
	CHECK_EQ(chdir(scene), 0);
	make("file", "contents");
	CHECK_EQ(mkdir("dir", 0755), 0);
	CHECK_EQ(mkdir("full", 0755), 0);
	make("full/inner", "inner");
	CHECK_EQ(symlink("file", "to-file"), 0);
	CHECK_EQ(symlink("dir", "to-dir"), 0);
	CHECK_EQ(symlink("full", "to-full"), 0);
	CHECK_EQ(symlink("dir/", "to-slash"), 0);
	CHECK_EQ(symlink("to-file", "to-link"), 0);
	CHECK_EQ(symlink("target", "dangling"), 0);
	CHECK_EQ(symlink("no/such", "far"), 0);
	CHECK_EQ(symlink("loop-2", "loop"), 0);
	CHECK_EQ(symlink("loop", "loop-2"), 0);
	CHECK_EQ(symlink("file/x", "through"), 0);
}

/* Prints what has changed since build(), and takes all away. */
static void clear(void)
{
	static const char *const before = "fddfllllllllll";

	CHECK_EQ(chdir(scene), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct stat st;
		char kind = '-';

		if (lstat(names[i], &st) == 0)
			kind = S_ISLNK(st.st_mode) ? 'l' : S_ISDIR(st.st_mode) ? 'd' : 'f';
		if (kind != (i < strlen(before) ? before[i] : '-'))
			printf("\t%s is %c\n", names[i], kind);
		if (kind == 'f' && (st.st_nlink != 1 || st.st_size != (i ? 5 : 8)))
			printf("\t%s has %u links, %lld bytes\n", names[i], st.st_nlink, (long long)st.st_size);
		if (kind == 'l' && st.st_nlink != 1)
			printf("\t%s has %u links\n", names[i], st.st_nlink);
	}
	for (size_t i = sizeof(names) / sizeof(names[0]); i-- > 0;)
		if (unlink(names[i]) < 0)
			rmdir(names[i]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		rmdir(names[i]);
	CHECK_EQ(do_list("."), 2);
}

/* --- each call on each path ---------------------------------------------------------------------------------------- */

static long opened(const char *path, int flags)
{
	int fd = open(path, flags, 0644);

	return fd < 0 ? -1 : close(fd);
}

static long do_stat(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? -1 : (long)(st.st_mode & S_IFMT);
}

static long do_lstat(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 ? -1 : (long)(st.st_mode & S_IFMT);
}

static long do_readlink(const char *path)
{
	char buf[4];

	return readlink(path, buf, sizeof(buf));
}

static long do_exec(const char *path)
{
	return execve(path, (char *[]){ NULL }, (char *[]){ NULL });
}

static long do_chmod(const char *path)
{
	struct stat st;

	if (syscall(SYS_CHMOD, path, 0711) < 0)
		return -1;
	return stat(path, &st) < 0 ? -1 : (long)(st.st_mode & 0777);
}

static long do_utimes(const char *path)
{
	static const uint32_t times[4] = { 1000, 0, 2000, 0 };
	struct stat st;

	if (syscall(SYS_UTIMENSAT, AT_CWD, path, times, AT_NOFOLLOW) < 0)
		return -1;
	return lstat(path, &st) < 0 ? -1 : (long)st.st_mtime;
}

static long do_open(const char *path) { return opened(path, O_RDONLY); }
static long do_open_write(const char *path) { return opened(path, O_WRONLY); }
static long do_open_nofollow(const char *path) { return opened(path, O_RDONLY | O_NOFOLLOW); }
static long do_open_directory(const char *path) { return opened(path, O_RDONLY | O_DIRECTORY); }
static long do_open_both(const char *path) { return opened(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW); }
static long do_create(const char *path) { return opened(path, O_RDWR | O_CREAT); }
static long do_create_nofollow(const char *path) { return opened(path, O_RDWR | O_CREAT | O_NOFOLLOW); }
static long do_create_new(const char *path) { return opened(path, O_RDWR | O_CREAT | O_EXCL); }
static long do_empty(const char *path) { return opened(path, O_RDWR | O_TRUNC); }
static long do_mkdir(const char *path) { return mkdir(path, 0755); }
static long do_link_from(const char *path) { return link(path, "x"); }
static long do_link_followed(const char *path) { return syscall(SYS_LINKAT, AT_CWD, path, AT_CWD, "x", AT_FOLLOW); }
static long do_link_to(const char *path) { return link("file", path); }
static long do_link_directory(const char *path) { return link("dir", path); }
static long do_symlink(const char *path) { return symlink("elsewhere", path); }
static long do_unlink(const char *path) { return unlink(path); }
static long do_unlinkat(const char *path) { return syscall(SYS_UNLINKAT, AT_CWD, path, AT_RMDIR); }
static long do_rmdir(const char *path) { return rmdir(path); }
static long do_rename_from(const char *path) { return rename(path, "x"); }
static long do_rename_into(const char *path) { return rename(path, "full/x"); }
static long do_rename_to(const char *path) { return rename("file", path); }
static long do_rename_link(const char *path) { return rename("to-file", path); }
static long do_rename_directory(const char *path) { return rename("dir", path); }
static long do_rename_new(const char *path) { return syscall(SYS_RENAMEAT2, AT_CWD, "file", AT_CWD, path, 1); }
static long do_chdir(const char *path) { return chdir(path); }
static long do_truncate(const char *path) { return syscall(SYS_TRUNCATE64, path, 0, 3, 0, 0, 0) < 0 ? -1 : 0; }
static long do_access(const char *path) { return syscall(SYS_ACCESS, path, 4); }
static long do_access_link(const char *path) { return syscall(SYS_FACCESSAT2, AT_CWD, path, 0, AT_NOFOLLOW); }
static long do_lchown(const char *path) { return syscall(SYS_LCHOWN, path, -1, -1); }

static const struct {
	const char *name;
	long (*call)(const char *path);
} calls[] = {
	{ "stat", do_stat },
	{ "lstat", do_lstat },
	{ "readlink", do_readlink },
	{ "open", do_open },
	{ "open to write", do_open_write },
	{ "open nofollow", do_open_nofollow },
	{ "open directory", do_open_directory },
	{ "open directory nofollow", do_open_both },
	{ "create", do_create },
	{ "create nofollow", do_create_nofollow },
	{ "create new", do_create_new },
	{ "empty", do_empty },
	{ "list", do_list },
	{ "chdir", do_chdir },
	{ "execve", do_exec },
	{ "access", do_access },
	{ "access nofollow", do_access_link },
	{ "chmod", do_chmod },
	{ "lchown", do_lchown },
	{ "utimensat", do_utimes },
	{ "truncate", do_truncate },
	{ "mkdir", do_mkdir },
	{ "rmdir", do_rmdir },
	{ "unlink", do_unlink },
	{ "unlinkat", do_unlinkat },
	{ "link from", do_link_from },
	{ "link followed", do_link_followed },
	{ "link to", do_link_to },
	{ "link directory to", do_link_directory },
	{ "symlink", do_symlink },
	{ "rename from", do_rename_from },
	{ "rename into", do_rename_into },
	{ "rename to", do_rename_to },
	{ "rename link to", do_rename_link },
	{ "rename directory to", do_rename_directory },
	{ "rename new", do_rename_new },
};

static const char *const paths[] = {
	"file", "file/", "file/.", "dir", "dir/", "full", "full/", "to-file", "to-file/", "to-dir", "to-dir/", "to-dir/.",
	"to-dir/new", "to-dir/../file", "to-full", "to-full/", "to-full/inner", "to-slash", "to-slash/new", "to-link",
	"dangling", "dangling/", "dangling/x", "far", "loop", "loop/", "loop/x", "through", "new", "new/", "./to-file/../file",
};

static void test_calls(void)
{
	for (size_t c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
		for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++) {
			build();
			say(calls[c].name, paths[p], calls[c].call(paths[p]));
			clear();
		}
	}
}

/* --- hard links ---------------------------------------------------------------------------------------------------- */

static void test_counts(void)
{
	struct stat st;
	int fd;

	make("a", "alpha");
	CHECK_EQ(link("a", "b"), 0);
	CHECK_EQ(mkdir("d", 0755), 0);
	CHECK_EQ(link("b", "d/c"), 0);
	CHECK_EQ(links_of("d/c"), 3);
	CHECK_EQ(stat_of("a").st_ino, stat_of("d/c").st_ino);
	make("b", "beta");
	CHECK(strcmp(text_of("d/c"), "beta") == 0);
	fd = open("a", O_RDWR);
	CHECK_EQ(unlink("a"), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 2);
	CHECK_EQ(rename("b", "d/c"), 0);	/* names of one file: nothing is done */
	CHECK_EQ(links_of("b"), 2);
	CHECK_EQ(rename("d/c", "d/e"), 0);
	make("f", "phi");
	CHECK_EQ(rename("f", "b"), 0);
	CHECK_EQ(links_of("d/e"), 1);
	CHECK(strcmp(text_of("d/e"), "beta") == 0);
	CHECK_EQ(unlink("d/e"), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_EQ(pwrite(fd, "x", 1, 0), 1);
	SAY(syscall(SYS_LINKAT, fd, "", AT_CWD, "again", AT_EMPTY));
	close(fd);
	SAY(unlink("b"));
	SAY(rmdir("d"));
}

/* Symbolic links have further names too, short ones and long ones. */
static void test_links_of_links(const char *target)
{
	CHECK_EQ(symlink(target, "s"), 0);
	CHECK_EQ(link("s", "t"), 0);
	CHECK_EQ(links_of("t"), 2);
	CHECK(S_ISLNK(stat_of("t").st_mode));
	CHECK_EQ(unlink("s"), 0);
	CHECK_EQ(links_of("t"), 1);
	CHECK(strcmp(target_of("t"), target) == 0);
	CHECK_EQ(rename("t", "u"), 0);
	CHECK(strcmp(target_of("u"), target) == 0);
	CHECK_EQ(unlink("u"), 0);
}

static void test_many_links(void)
{
	char name[20];

	make("many", "many");
	for (int i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		CHECK_EQ(link("many", name), 0);
	}
	CHECK_EQ(links_of("many"), 601);
	for (int i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(links_of("many"), 1);
	CHECK_EQ(unlink("many"), 0);
}

/* --- symbolic links ------------------------------------------------------------------------------------------------ */

/* A target of LENGTH bytes, which is odd, that leads to the file: ./././file */
static const char *long_way(int length)
{
	static char way[PATH_MAX];

	for (int i = 0; i < length - 4; i++)
		way[i] = i % 2 ? '/' : '.';
	strcpy(way + length - 4, "file");
	way[length - 5] = '/';
	return way;
}

static void test_lengths(void)
{
	static const int lengths[] = { 7, 57, 59, 61, 63, 99, 1001, 4093, 4095 };
	char part[8], zero[300];

	make("file", "contents");
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		int n = lengths[i];
		const char *target = long_way(n);

		CHECK_EQ(symlink(target, "way"), 0);
		CHECK_EQ(stat_of("way").st_size, n);
		CHECK_EQ(strlen(target_of("way")), n);
		CHECK(strcmp(target_of("way"), target) == 0);
		printf("a way of %d: %s\n", n, text_of("way"));
		memset(part, '#', sizeof(part));
		CHECK_EQ(readlink("way", part, 3), 3);
		CHECK(memcmp(part, target, 3) == 0 && part[3] == '#');
		CHECK_EQ(unlink("way"), 0);
	}
	for (int n = 56; n < 64; n++) {
		memset(zero, 'z', n);
		zero[n] = '\0';
		test_links_of_links(zero);
	}
	memset(zero, 'z', 290);
	zero[290] = '\0';
	CHECK_EQ(symlink(zero, "way"), 0);
	SAY(opened("way", O_RDWR | O_CREAT));
	SAY(unlink("way"));
	SAY(symlink("", "way"));
	SAY(symlink("a", ""));
	SAY(symlink((char *)16, "way"));
	SAY(symlink("a", (char *)16));
	SAY(link("file", (char *)16));
	SAY(readlink("file", part, 8));
	CHECK_EQ(symlink("file", "way"), 0);
	SAY(readlink("way", part, 0));
	SAY(readlink("way", part, -1));
	SAY(readlink("way", (char *)16, 5));
	SAY(unlink("way"));
	SAY(unlink("file"));
}

static void test_too_long(void)
{
	static char target[PATH_MAX + 2];

	memset(target, 'q', PATH_MAX);
	SAY(symlink(target, "way"));
	target[PATH_MAX - 1] = '\0';
	SAY(symlink(target, "way"));
	SAY(opened("way", O_RDONLY));
	SAY(opened("way/x", O_RDONLY));
	SAY(unlink("way"));
}

/* Forty links may follow each other. */
static void test_chain(void)
{
	char name[20], before[20] = "file";

	make("file", "contents");
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "chain-%d", i);
		CHECK_EQ(symlink(before, name), 0);
		strcpy(before, name);
	}
	printf("40: %s\n", text_of("chain-40"));
	SAY(opened("chain-40", O_RDONLY));
	SAY(opened("chain-41", O_RDONLY));
	SAY(opened("chain-41", O_RDWR | O_CREAT));
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "chain-%d", i);
		CHECK_EQ(unlink(name), 0);
	}
	CHECK_EQ(unlink("file"), 0);
}

/* Up from a directory that a link leads to is where that directory is, and so is the working directory. */
static void test_places(void)
{
	char path[PATH_MAX], here[PATH_MAX];

	CHECK_EQ(mkdir("one", 0755), 0);
	CHECK_EQ(mkdir("one/two", 0755), 0);
	CHECK_EQ(mkdir("three", 0755), 0);
	CHECK_EQ(symlink("../one/two", "three/in"), 0);
	make("one/file", "in one");
	make("three/file", "in three");
	CHECK(strcmp(text_of("three/in/../file"), "in one") == 0);
	CHECK_EQ(chdir("three/in"), 0);
	CHECK(getcwd(here, sizeof(here)));
	CHECK(strcmp(here + strlen(scene), "/one/two") == 0);
	CHECK(strcmp(text_of("../file"), "in one") == 0);
	CHECK_EQ(chdir(scene), 0);
	snprintf(path, sizeof(path), "%s/one", scene);
	CHECK_EQ(symlink(path, "three/two/absolute"), -1);
	CHECK_EQ(symlink(path, "three/absolute"), 0);
	CHECK(strcmp(text_of("three/absolute/file"), "in one") == 0);
	CHECK(strcmp(text_of("three/absolute/two/../../three/file"), "in three") == 0);
	CHECK_EQ(symlink("/", "three/root"), 0);
	snprintf(path, sizeof(path), "three/root%s/one/file", scene);
	CHECK(strcmp(text_of(path), "in one") == 0);
	CHECK_EQ(symlink("..", "three/up"), 0);
	CHECK(strcmp(text_of("three/up/three/up/three/up/one/file"), "in one") == 0);
	CHECK_EQ(unlink("three/root"), 0);
	CHECK_EQ(unlink("three/up"), 0);
	CHECK_EQ(unlink("three/absolute"), 0);
	CHECK_EQ(unlink("three/in"), 0);
	CHECK_EQ(unlink("three/file"), 0);
	CHECK_EQ(unlink("one/file"), 0);
	CHECK_EQ(rmdir("one/two"), 0);
	CHECK_EQ(rmdir("one"), 0);
	CHECK_EQ(rmdir("three"), 0);
}

static void test_types(void)
{
	struct dirent *e;
	DIR *d;

	build();
	d = opendir(".");
	CHECK(d != NULL);
	while ((e = readdir(d)))
		if (strncmp(e->d_name, "to-", 3) == 0)
			CHECK_EQ(e->d_type, 10);
	closedir(d);
	clear();
}

/* The calls with a directory's descriptor and flags. */
static void test_at(void)
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
	CHECK(S_ISLNK(stat_of("x").st_mode));
	SAY(unlink("x"));
	SAY(syscall(SYS_LINKAT, dir, "up", AT_CWD, "x", AT_FOLLOW));
	CHECK(S_ISREG(stat_of("x").st_mode));
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
	CHECK(strcmp(text_of("inner"), "inner") == 0);
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

static void test_programs(void)
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

static void test_proc(void)
{
	char own[20], path[40], here[PATH_MAX];
	int fd;

	snprintf(own, sizeof(own), "%d", getpid());
	CHECK(S_ISLNK(stat_of("/proc/self").st_mode));
	CHECK_EQ(stat_of("/proc/self").st_size, 0);
	CHECK(strcmp(target_of("/proc/self"), own) == 0);
	CHECK(strcmp(target_of("/proc/self/cwd"), scene) == 0);
	CHECK(strcmp(target_of("/proc/self/root"), "/") == 0);
	make("a", "alpha");
	fd = open("a", O_RDONLY);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	snprintf(here, sizeof(here), "%s/a", scene);
	CHECK(strcmp(target_of(path), here) == 0);
	CHECK(strcmp(text_of(path), "alpha") == 0);
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

static void test_other_file_systems(void)
{
	make("a", "alpha");
	SAY(link("a", "/dev/shm/links-test"));
	SAY(link("/dev/null", "a"));
	SAY(link("/dev/null", "new"));
	SAY(symlink("/dev/shm", "shm"));
	make("shm/links-test", "shared");
	CHECK(strcmp(text_of("/dev/shm/links-test"), "shared") == 0);
	SAY(link("shm/links-test", "new"));
	SAY(rename("a", "shm/links-test"));
	SAY(unlink("shm/links-test"));
	SAY(unlink("shm"));
	SAY(unlink("a"));
}

/* For who looks at the disk: two names of a file, links of either kind, and the bytes of a target that never was a block. */
static void leave(void)
{
	char target[1001];

	make("kept", "kept");
	CHECK_EQ(link("kept", "kept-too"), 0);
	CHECK_EQ(symlink("kept", "short"), 0);
	memset(target, 'l', 1000);
	target[1000] = '\0';
	CHECK_EQ(symlink(target, "long"), 0);
	target[59] = '\0';
	CHECK_EQ(symlink(target, "short-59"), 0);
	target[59] = 'l';
	target[60] = '\0';
	CHECK_EQ(symlink(target, "long-60"), 0);
}

int main(int argc, char **argv)
{
	bool keep = argc > 1 && strcmp(argv[1], "keep") == 0;

	if (argc > 1 && strcmp(argv[1], "child") == 0)
		return 7;
	CHECK_EQ(mkdir("links-test", 0755), 0);
	CHECK_EQ(chdir("links-test"), 0);
	CHECK(getcwd(scene, sizeof(scene)));
	test_calls();
	test_counts();
	test_many_links();
	test_lengths();
	test_too_long();
	test_chain();
	test_places();
	test_types();
	test_at();
	test_programs();
	test_proc();
	test_other_file_systems();
	fflush(stdout);
	if (keep)
		leave();
	CHECK_EQ(chdir(".."), 0);
	CHECK_EQ(rmdir("links-test"), keep ? -1 : 0);
	return CHECK_OK();
}
