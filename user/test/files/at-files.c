/*
 * at-files - descriptors that only name a file: O_PATH, programs executed by descriptor (execveat), files without names.
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>

enum { FCHDIR = 133, FCHMOD = 94, FCHOWN = 207, OPENAT = 295, FSTATAT = 300, LINKAT = 303, READLINKAT = 305, UTIMENSAT = 320,
       EXECVEAT = 358, FSTATFS64 = 269, FCNTL = 221, HERE = -100, EMPTY = 0x1000, NOFOLLOW = 0x100,
       O_PLACE = 010000000, GETFL = 3, SETFL = 4 };

static char *self;

static int open_place(const char *path, int flags)
{
	int fd = open(path, O_PLACE | flags);

	CHECK(fd >= 0);
	return fd;
}

static void places(void)
{
	char text[128];
	struct stat st;
	int fd, d, link_fd, copy;

	CHECK_EQ(mkdir("/dev/shm/at-files", 0755), 0);
	CHECK_EQ(chdir("/dev/shm/at-files"), 0);
	fd = open("a", O_RDWR | O_CREAT | O_EXCL, 0600);
	CHECK_EQ(write(fd, "text", 4), 4);
	close(fd);
	fd = open_place("a", O_RDWR | O_TRUNC | O_CREAT); /* none of which counts */
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, 4);
	CHECK_ERROR(read(fd, text, 1), EBADF);
	CHECK_ERROR(write(fd, text, 1), EBADF);
	CHECK_ERROR(lseek(fd, 0, SEEK_SET), EBADF);
	CHECK_ERROR(ftruncate(fd, 0), EBADF);
	CHECK_ERROR(fsync(fd), EBADF);
	CHECK_ERROR(syscall(SYS_ioctl, fd, 0x5401, 0), EBADF);
	CHECK_ERROR(syscall(FCHMOD, fd, 0600), EBADF);
	CHECK_ERROR(syscall(FCHOWN, fd, 0, 0), EBADF);
	CHECK_ERROR(syscall(UTIMENSAT, fd, NULL, NULL, 0), EBADF);
	CHECK_ERROR(syscall(SYS_mmap2, 0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), EBADF);
	CHECK_ERROR(syscall(FCNTL, fd, SETFL, O_NONBLOCK), EBADF);
	CHECK_EQ(syscall(FCNTL, fd, GETFL, 0), O_PLACE);
	CHECK_EQ(syscall(FSTATFS64, fd, 84, text), 0);
	copy = dup(fd);
	CHECK(copy > fd);
	CHECK_ERROR(read(copy, text, 1), EBADF);
	close(copy);
	CHECK_EQ(syscall(FSTATAT, fd, "", &st, EMPTY), 0);
	CHECK_EQ(st.st_size, 4);
	snprintf(text, sizeof(text), "/proc/self/fd/%d", fd);
	copy = open(text, O_RDONLY);
	CHECK_EQ(read(copy, text, 5), 4);
	close(copy);
	CHECK_ERROR(syscall(FCHDIR, fd), ENOTDIR);
	close(fd);
	CHECK_ERROR(open("a", O_PLACE | O_DIRECTORY), ENOTDIR);
	CHECK_ERROR(open("none", O_PLACE | O_CREAT, 0600), ENOENT);
	/* A directory, to start paths from. */
	d = open_place(".", O_DIRECTORY);
	fd = syscall(OPENAT, d, "a", O_RDONLY);
	CHECK(fd >= 0);
	close(fd);
	CHECK_ERROR(syscall(SYS_getdents64, d, text, sizeof(text)), EBADF);
	CHECK_EQ(chdir("/"), 0);
	CHECK_EQ(syscall(FCHDIR, d), 0);
	CHECK_EQ(stat("a", &st), 0);
	close(d);
	/* A symbolic link itself. */
	CHECK_EQ(symlink("a", "l"), 0);
	link_fd = open_place("l", O_NOFOLLOW);
	CHECK_EQ(fstat(link_fd, &st), 0);
	CHECK(S_ISLNK(st.st_mode));
	CHECK_EQ(syscall(READLINKAT, link_fd, "", text, sizeof(text)), 1);
	close(link_fd);
	CHECK_EQ(unlink("l"), 0);
	CHECK_EQ(unlink("a"), 0);
	CHECK_EQ(rmdir("/dev/shm/at-files"), 0);
	CHECK_EQ(chdir("/"), 0);
}

/* O_TMPFILE: a file that gets a name when it is complete, or never. */
static void nameless(void)
{
	const int tmpfile = 020000000 | O_DIRECTORY;
	char path[32], text[8] = "";
	int fd = syscall(SYS_open, "/dev/shm", tmpfile | O_RDWR, 0640), other;
	struct stat st;

	CHECK(fd >= 0);
	CHECK_ERROR(open("/dev/shm", tmpfile | O_RDONLY, 0640), EINVAL);
	CHECK_EQ(write(fd, "ready", 5), 5);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0640);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_EQ(syscall(LINKAT, HERE, path, HERE, "/dev/shm/at-files-named", 0x400), 0); /* AT_SYMLINK_FOLLOW */
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 1);
	other = open("/dev/shm/at-files-named", O_RDONLY);
	CHECK_EQ(read(other, text, 8), 5);
	CHECK(strcmp(text, "ready") == 0);
	CHECK_EQ(unlink("/dev/shm/at-files-named"), 0);
	CHECK_ERROR(syscall(LINKAT, HERE, path, HERE, "/dev/shm/at-files-named", 0x400), ENOENT); /* it has had one */
	close(other);
	close(fd);
	fd = syscall(SYS_open, "/dev/shm", tmpfile | O_RDWR | O_EXCL, 0600);
	CHECK(fd >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_ERROR(syscall(LINKAT, HERE, path, HERE, "/dev/shm/at-files-named", 0x400), ENOENT);
	close(fd);
}

/* --- programs ------------------------------------------------------------------------------------------------------- */

struct run {
	int fd;
	const char *path;
	int flags;
	const char *word; /* its argument */
};

/* For check_in_child: ends with 0 or the error only if the program did not run. */
static void run(void *argument)
{
	const struct run *r = argument;
	char *argv[] = { (char *)"run", (char *)r->word, NULL };

	syscall(EXECVEAT, r->fd, r->path, argv, environ, r->flags);
	_exit(errno);
}

#define RUN(...) (check_in_child(run, &(struct run){ __VA_ARGS__ }) >> 8)

static void copy_self(int to)
{
	char buffer[PAGE];
	int from = open(self, O_RDONLY), n;

	CHECK(from >= 0);
	while ((n = read(from, buffer, sizeof(buffer))) > 0)
		CHECK_EQ(write(to, buffer, n), n);
	close(from);
}

static void programs(void)
{
	int fd = memfd_create("program", 0), place = open_place(self, 0), d = open_place("/", O_DIRECTORY), script;
	char path[32];

	copy_self(fd);
	CHECK_EQ(RUN(fd, "", EMPTY, "run"), 77);
	CHECK_EQ(RUN(place, "", EMPTY, "run"), 77);
	CHECK_EQ(RUN(d, self + 1, 0, "run"), 77);
	CHECK_EQ(RUN(-1, self, 0, "run"), 77);
	CHECK_EQ(RUN(HERE, self, 0, "run"), 77);
	CHECK_EQ(RUN(fd, "", 0, "run"), ENOENT);
	CHECK_EQ(RUN(fd, "x", 0, "run"), ENOTDIR);
	CHECK_EQ(RUN(-1, "x", 0, "run"), EBADF);
	CHECK_EQ(RUN(-1, "", EMPTY, "run"), EBADF);
	CHECK_EQ(RUN(d, "", EMPTY, "run"), EACCES);
	CHECK_EQ(RUN(fd, "", EMPTY | 1, "run"), EINVAL);
	CHECK_EQ(RUN(fd, NULL, EMPTY, "run"), EFAULT);
	CHECK_EQ(symlink(self, "/dev/shm/link"), 0);
	CHECK_EQ(RUN(HERE, "/dev/shm/link", 0, "run"), 77);
	CHECK_EQ(RUN(HERE, "/dev/shm/link", NOFOLLOW, "run"), ELOOP);
	CHECK_EQ(unlink("/dev/shm/link"), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_EQ(RUN(HERE, path, 0, "run"), 77);
	CHECK_EQ(syscall(FCHMOD, fd, 0600), 0);
	CHECK_EQ(RUN(fd, "", EMPTY, "run"), EACCES);
	/* A script's interpreter opens the same file again. */
	script = memfd_create("script", 0);
	dprintf(script, "#!%s script\n", self);
	CHECK_EQ(RUN(script, "", EMPTY, "x"), 78);
	close(script);
	close(fd);
	close(place);
	close(d);
}

/* Run as the interpreter: the script's name is the second argument. (Without udev Linux has no /dev/fd.) */
static int script(const char *name)
{
	char text[3] = "#!";
	struct stat st;

	if (strncmp(name, "/dev/fd/", 8) != 0)
		return 1;
	if (lstat("/dev/fd", &st) == 0 && read(open(name, O_RDONLY), text, 2) != 2)
		return 2;
	return strcmp(text, "#!") == 0 ? 78 : 3;
}

int main(int argc, char **argv)
{
	static char link_to_self[128];

	if (argc > 1)
		return strcmp(argv[1], "script") == 0 ? script(argv[2]) : 77;
	CHECK(readlink("/proc/self/exe", link_to_self, sizeof(link_to_self) - 1) > 0);
	self = link_to_self;
	places();
	nameless();
	programs();
	return CHECK_OK();
}
